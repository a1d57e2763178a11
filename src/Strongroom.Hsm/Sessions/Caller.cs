using System.Collections.Concurrent;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm;

/// <summary>
/// One instance as the HSM knows it: its login, sessions, session objects and open operations. All connections of the instance share it.
/// </summary>
public sealed class Caller
{
    // Written by login and logout, which take LoginGate; read by every request.
    private volatile Login? _login;
    private int _contextLogins;
    private volatile string _address = "";
    private volatile Named? _named;       // a race makes it twice, which costs a line in the log
    private long _mustBeDurable;

    internal Caller(InstanceKey instance, Budget budget)
    {
        Instance = instance;
        Budget = budget;
        Objects = new SessionObjects(budget.Objects);
    }

    /// <summary>The instance's name: its public key.</summary>
    public InstanceKey Instance { get; }

    /// <summary>One login, logout or change of login at a time.</summary>
    internal SemaphoreSlim LoginGate { get; } = new(1, 1);

    internal ConcurrentDictionary<SessionId, Session> Sessions { get; } = new();

    internal SessionObjects Objects { get; }

    /// <summary>Challenges that it was given and has not answered.</summary>
    internal Challenges Challenges { get; } = new();

    /// <summary>What this instance shares with all others.</summary>
    internal Budget Budget { get; }

    internal RecentCreations Creations { get; } = new(RecentCreations.Kept, SessionLimits.RecentCreations);

    /// <summary>The ciphertexts of its newest encapsulations.</summary>
    internal RecentCiphertexts Ciphertexts { get; } = new();

    /// <summary>Connections of this instance; counted by <see cref="Instances"/> under its lock.</summary>
    internal int Connections { get; set; }

    /// <summary>When the last connection ended, by the boot clock; meaningful while there is none.</summary>
    internal TimeSpan LeftAt { get; set; }

    /// <summary>Who logged in here; ask <see cref="Logins.Current"/> whether that still stands.</summary>
    internal Login? Login
    {
        get => _login;
        set => _login = value;
    }

    /// <summary>Where the instance's newest connection comes from, for the audit log.</summary>
    internal string Address
    {
        get => _address;
        set => _address = _address == value ? _address : value;
    }

    /// <summary>Who acts and from where, as the audit log says it.</summary>
    internal AuditSubject Subject
    {
        get
        {
            (Login? login, string address) = (_login, _address);
            if (_named is { } known && ReferenceEquals(known.Login, login) && ReferenceEquals(known.Address, address))
            {
                return known.Subject;
            }

            var named = new Named(login, address, new AuditSubject(login?.Name ?? "", login?.Role ?? Role.None, Instance, address));
            _named = named;
            return named.Subject;
        }
    }

    /// <summary>How far the audit log must be durable before this instance gets any further reply.</summary>
    internal long MustBeDurable => Volatile.Read(ref _mustBeDurable);

    /// <summary>Moves <see cref="MustBeDurable"/> ahead.</summary>
    internal void AuditedUpTo(long ordinal)
    {
        for (long seen = MustBeDurable; seen < ordinal;)
        {
            long found = Interlocked.CompareExchange(ref _mustBeDurable, ordinal, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>One context-specific login was made: one use of a CKA_ALWAYS_AUTHENTICATE key.</summary>
    internal void GrantContextLogin() => Volatile.Write(ref _contextLogins, 1);

    /// <summary>Uses up the context-specific login.</summary>
    internal bool TakeContextLogin() => Interlocked.Exchange(ref _contextLogins, 0) == 1;

    private sealed record Named(Login? Login, string Address, AuditSubject Subject);

    public override string ToString() => Instance.ToString()[..16];
}
