namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>The tests that use one quickstarted deployment and leave it as usable as they found it.</summary>
[CollectionDefinition]
public sealed class SharedDeployment : ICollectionFixture<QuickstartDeployment>;
