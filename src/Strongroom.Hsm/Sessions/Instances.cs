using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Sessions;

/// <summary>The instances that this HSM serves. One without connections is kept for a minute, then everything it held goes.</summary>
internal sealed class Instances(BootClock clock, SessionTable sessions, Budget budget, Action<ObjectHandle> forgetKey)
{
    // Guards the dictionary and the callers' connection counts; held for dictionary work only.
    private readonly Lock _lock = new();
    private readonly Dictionary<InstanceKey, Caller> _callers = [];

    public IReadOnlyList<Caller> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _callers.Values];
            }
        }
    }

    /// <summary>Adds a connection to an instance.</summary>
    public Outcome<Caller> Attach(InstanceKey instance)
    {
        Sweep();
        lock (_lock)
        {
            if (!_callers.TryGetValue(instance, out Caller? caller))
            {
                if (_callers.Count >= SessionLimits.Instances)
                {
                    return Causes.TooManyInstances;
                }

                _callers.Add(instance, caller = new Caller(instance, budget));
            }

            caller.Connections++;
            return caller;
        }
    }

    public void Detach(Caller caller)
    {
        lock (_lock)
        {
            caller.Connections--;
            caller.LeftAt = clock.Now;
        }
    }

    /// <summary>Lets go of the instances that have had no connection for a minute.</summary>
    public void Sweep()
    {
        List<Caller> gone = [];
        lock (_lock)
        {
            TimeSpan now = clock.Now;
            gone.AddRange(_callers.Values.Where(caller => caller.Connections == 0 && now - caller.LeftAt >= SessionLimits.Linger));
            gone.ForEach(caller => _callers.Remove(caller.Instance));
        }

        gone.ForEach(Clear);
    }

    /// <summary>Ends all that an instance holds: sessions, operations, session objects, login.</summary>
    private void Clear(Caller caller)
    {
        sessions.CloseAll(caller);
        foreach (HsmObject item in caller.Objects.RemoveWhere(_ => true))
        {
            forgetKey(item.Handle);
        }
    }
}
