using Strongroom.Store.Heads;

namespace Strongroom.Store.Backups;

/// <summary>What a copy of a whole store holds.</summary>
/// <param name="Position">Of its head.</param>
/// <param name="Records">Without the head.</param>
public readonly record struct BackedUpStore(HeadPosition Position, ulong Records);
