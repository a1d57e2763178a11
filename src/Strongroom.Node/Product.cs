namespace Strongroom.Node;

/// <summary>What this software calls itself.</summary>
internal static class Product
{
    /// <summary>Major.minor.patch of the build.</summary>
    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
