using System.Formats.Cbor;

namespace Strongroom.Wire;

/// <summary>The fields of one request or reply, in the schema's order, without the array header and the id that every frame starts with.</summary>
/// <typeparam name="TSelf">the message</typeparam>
public interface IWireFields<TSelf>
    where TSelf : IWireFields<TSelf>
{
    /// <summary>How many CBOR items the fields take in the frame's array.</summary>
    static abstract int Count { get; }

    /// <summary>Reads the fields; byte strings are slices of the frame.</summary>
    /// <exception cref="WireFormatException">a field is missing, too long or of another kind</exception>
    static abstract TSelf Read(CborReader reader);

    /// <summary>Writes the fields.</summary>
    void Write(CborWriter writer);
}
