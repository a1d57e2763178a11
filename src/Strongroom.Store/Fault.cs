using System.Collections.Concurrent;
using System.Diagnostics;

namespace Strongroom.Store;

/// <summary>Named places where a test can let the world break. Calls of <see cref="Point"/> are compiled out of Release.</summary>
public static class Fault
{
    private static readonly ConcurrentDictionary<string, Action> Armed = new(StringComparer.Ordinal);

    [Conditional("DEBUG")]
    public static void Point(string name)
    {
        if (!Armed.IsEmpty && Armed.TryGetValue(name, out var action))
        {
            action();
        }
    }

    /// <summary>Runs an action whenever a point is passed, until the result is disposed.</summary>
    public static IDisposable Arm(string name, Action action)
    {
        Armed[name] = action;
        return new Disarm(name);
    }

    private sealed class Disarm(string name) : IDisposable
    {
        public void Dispose() => Armed.TryRemove(name, out _);
    }
}
