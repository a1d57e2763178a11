namespace Strongroom.Store.Files;

/// <summary>Which file it is: two paths with the same identity are one file.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode);

/// <summary>Which file it is, its size in bytes, and when its content was last written.</summary>
internal readonly record struct FileStamp(FileIdentity Identity, long Size, long ModifiedSeconds, uint ModifiedNanoseconds);
