using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_CMAC, PKCS#11 3.2, 6.14.3; SP 800-38B. The whole code of 16 bytes.
public class AesCmac : MacMechanism
{
    public override ulong Number => 0x108A;

    public override string Name => "CKM_AES_CMAC";

    public sealed override KeySizes KeySizes => KeySizes.Aes;

    protected sealed override int FullSize => 16;

    protected sealed override MacStream Start(SecretKey key) => MacStream.AesCmac(key.Value);

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => objectClass == ObjectClass.SecretKey && type == KeyType.Aes;
}
