using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Sessions;

/// <summary>One session of an instance: its open operations. A client has one request in flight a session; the lock is for those that break this rule.</summary>
internal sealed class Session(SessionId id, Tally operations) : IDisposable
{
    private const int Uses = (int)Use.Decapsulate + 1;

    // Held while an operation is worked on, so that closing the session can't free it under the work.
    private readonly Lock _lock = new();
    private readonly OpenOperation?[] _operations = new OpenOperation?[Uses];
    private bool _closed;

    public SessionId Id { get; } = id;

    /// <summary>Opens an operation; one that is refused is disposed.</summary>
    public Outcome Open(OpenOperation operation)
    {
        lock (_lock)
        {
            Cause? refusal = _closed ? Causes.SessionUnknown
                : _operations[(int)operation.Use] is not null ? Causes.OperationOpen
                : !operations.TryAdd() ? Causes.TooManyOperations
                : null;
            if (refusal is not null)
            {
                operation.Dispose();
                return refusal;
            }

            _operations[(int)operation.Use] = operation;
            return Outcome.Ok;
        }
    }

    public bool IsOpen(Use use)
    {
        lock (_lock)
        {
            return _operations[(int)use] is not null;
        }
    }

    /// <summary>Works on an open operation. One that is refused anything is over (PKCS#11 3.2, 5.1: an error ends the operation), and so is one whose work is its last.</summary>
    public Outcome Work<TState>(Use use, bool last, TState state, Func<OpenOperation, TState, Outcome> work)
        where TState : allows ref struct
    {
        lock (_lock)
        {
            if (_operations[(int)use] is not { } operation)
            {
                return Causes.NoOperation;
            }

            bool keep = false;
            try
            {
                Outcome outcome = work(operation, state);
                keep = outcome.IsOk && (!last || operation.Work.GoesOn);
                return outcome;
            }
            finally
            {
                if (!keep)
                {
                    End(use);
                }
            }
        }
    }

    /// <summary>Drops an operation, if it is open.</summary>
    public void Drop(Use use)
    {
        lock (_lock)
        {
            End(use);
        }
    }

    /// <summary>Drops all operations; what a logout does.</summary>
    public void DropAll()
    {
        lock (_lock)
        {
            for (int use = 0; use < Uses; use++)
            {
                End((Use)use);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            DropAll();
        }
    }

    private void End(Use use)
    {
        if (_operations[(int)use] is { } operation)
        {
            _operations[(int)use] = null;
            operations.Subtract();
            operation.Dispose();
        }
    }
}
