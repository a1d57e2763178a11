namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>The tests that run the HSM of one saved deployment themselves. Each brings it back to what it was before it begins.</summary>
[CollectionDefinition]
public sealed class SavedDeployments : ICollectionFixture<SavedDeployment>;
