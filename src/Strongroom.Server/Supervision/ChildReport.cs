namespace Strongroom.Server.Supervision;

/// <summary>One program as the supervisor sees it.</summary>
/// <param name="Name">the HSM's id</param>
/// <param name="State">what it does</param>
/// <param name="Pid">process id while running, else 0</param>
/// <param name="Starts">how often it was started</param>
/// <param name="Cause">how it ended the last time, with the last line it wrote; empty if it never did</param>
public sealed record ChildReport(string Name, ChildState State, int Pid, int Starts, string Cause);
