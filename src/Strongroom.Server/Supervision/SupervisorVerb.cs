namespace Strongroom.Server.Supervision;

/// <summary>What can be asked on supervisor.sock, one byte a request. Every answer is the list of <see cref="ChildReport"/> as JSON.</summary>
internal enum SupervisorVerb : byte
{
    /// <summary>Report only.</summary>
    Report = (byte)'r',

    /// <summary>Read strongroom.json again and start what is new.</summary>
    Reload = (byte)'l',
}
