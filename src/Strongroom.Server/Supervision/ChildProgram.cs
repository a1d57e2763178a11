namespace Strongroom.Server.Supervision;

/// <summary>A program to be kept running.</summary>
/// <param name="Name">what it is called in reports: the HSM's id</param>
/// <param name="File">absolute path of the executable</param>
/// <param name="Arguments">its arguments</param>
/// <param name="Environment">its whole environment: nothing of ours is inherited</param>
/// <param name="LogFile">where its standard output and error are appended</param>
public sealed record ChildProgram(string Name, string File, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string LogFile);
