namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>The tests that use one quickstarted deployment and leave it as usable as they found it. ./test runs them in a process of their own, beside those that make their own.</summary>
[CollectionDefinition]
[Trait("Deployment", "shared")]
public sealed class SharedDeployment : ICollectionFixture<QuickstartDeployment>;
