using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>The same, with the type of its result.</summary>
internal sealed class PendingChange<T>(Func<ISealedView, Proposal<T>> change, CancellationToken cancel) : PendingChange
{
    // Continuations run elsewhere: the committer's thread must not run its callers' code.
    private readonly TaskCompletionSource<CommitResult<T>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    public Task<CommitResult<T>> Result => _answer.Task;

    public override bool Answered => _answer.Task.IsCompleted;

    public override bool Withdraw()
    {
        if (cancel.IsCancellationRequested)
        {
            _answer.TrySetCanceled(cancel);
        }
        return cancel.IsCancellationRequested;
    }

    public override void Judge(ISealedView view)
    {
        var proposal = change(view);
        _value = proposal.Value;
        Changes = proposal.Changes;
    }

    public override void Answer(ChangeStatus status, HeadPosition position) => _answer.TrySetResult(new(status, _value!, position));

    public override void Refuse(Exception cause) => _answer.TrySetException(cause);
}
