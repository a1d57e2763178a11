namespace Strongroom.Cli.Shell;

internal static partial class CommandExamples
{
    // One line a command, as it is typed after cloudhsm-cli. A command that has none here shows its required options instead.
    private static readonly Dictionary<string, string> Table = new()
    {
        ["cluster activate"] = "cluster activate",
        ["cluster hsm-info"] = "cluster hsm-info --output table",
        ["cluster health"] = "cluster health --output table",
        ["cluster setting list"] = "cluster setting list",
        ["cluster setting set"] = "cluster setting set --pkcs1-decryption off",
        ["login"] = "login --username alice --role crypto-user",
        ["logout"] = "logout",
        ["interactive"] = "interactive",

        ["user create"] = "user create --username alice --role crypto-user",
        ["user delete"] = "user delete --username alice --role crypto-user",
        ["user list"] = "user list --output table",
        ["user change-password"] = "user change-password --username alice --role crypto-user",

        ["key list"] = "key list --filter attr.class=secret-key attr.key-type=aes --verbose",
        ["key delete"] = "key delete --filter attr.label=data",
        ["key set-attribute"] = "key set-attribute --filter attr.label=data --name wrap --value true",
        ["key generate-symmetric aes"] = "key generate-symmetric aes --label data --key-length-bytes 32 --attributes encrypt=true decrypt=true",
        ["key generate-symmetric generic-secret"] = "key generate-symmetric generic-secret --label mac --key-length-bytes 64",
        ["key generate-asymmetric-pair rsa"] =
            "key generate-asymmetric-pair rsa --modulus-size-bits 3072 --public-exponent 65537 --public-label web --private-label web --private-attributes sign=true --public-attributes verify=true",
        ["key generate-asymmetric-pair ec"] = "key generate-asymmetric-pair ec --curve secp256r1 --public-label web --private-label web --private-attributes sign=true --public-attributes verify=true",
        ["key generate-asymmetric-pair ml-dsa"] =
            "key generate-asymmetric-pair ml-dsa --mldsa-algorithm ML-DSA-65 --public-label code --private-label code --private-attributes sign=true --public-attributes verify=true",
        ["key generate-file"] = "key generate-file --encoding pem --path web.pub --filter attr.label=web attr.class=public-key",
        ["key import pem"] = "key import pem --path partner.pub --label partner --key-type-class rsa-public --attributes wrap=true",
        ["key import pkcs12"] = "key import pkcs12 --path web.p12 --label web --attributes sign=true",
        ["key import jwk"] = "key import jwk --path token.jwk --label token",
        ["key share"] = "key share --filter attr.label=data --username bob --role crypto-user",
        ["key unshare"] = "key unshare --filter attr.label=data --username bob --role crypto-user",

        ["key wrap aes-gcm"] = "key wrap aes-gcm --payload-filter attr.label=data --wrapping-filter attr.label=kek --tag-length-bits 128 --path data.wrapped",
        ["key wrap cloudhsm-aes-gcm"] = "key wrap cloudhsm-aes-gcm --payload-filter attr.label=data --wrapping-filter attr.label=kek --tag-length-bits 128 --path data.wrapped",
        ["key wrap aes-no-pad"] = "key wrap aes-no-pad --payload-filter attr.label=data --wrapping-filter attr.label=kek --path data.wrapped",
        ["key wrap aes-pkcs5-pad"] = "key wrap aes-pkcs5-pad --payload-filter attr.label=data --wrapping-filter attr.label=kek --path data.wrapped",
        ["key wrap aes-zero-pad"] = "key wrap aes-zero-pad --payload-filter attr.label=data --wrapping-filter attr.label=kek --path data.wrapped",
        ["key wrap rsa-pkcs"] = "key wrap rsa-pkcs --payload-filter attr.label=data --wrapping-filter attr.label=partner --path data.wrapped",
        ["key wrap rsa-oaep"] = "key wrap rsa-oaep --payload-filter attr.label=data --wrapping-filter attr.label=partner --hash-function sha256 --mgf mgf1-sha256 --path data.wrapped",
        ["key wrap rsa-aes"] = "key wrap rsa-aes --payload-filter attr.label=web attr.class=private-key --wrapping-filter attr.label=partner --hash-function sha256 --mgf mgf1-sha256 --path web.wrapped",

        ["key unwrap aes-gcm"] =
            "key unwrap aes-gcm --filter attr.label=kek --data-path data.wrapped --key-type-class aes --label data --tag-length-bits 128 --iv 0x1ab2c3d4e5f6a7b8c9d0e1f2",
        ["key unwrap cloudhsm-aes-gcm"] = "key unwrap cloudhsm-aes-gcm --filter attr.label=kek --data-path data.wrapped --key-type-class aes --label data --tag-length-bits 128",
        ["key unwrap aes-no-pad"] = "key unwrap aes-no-pad --filter attr.label=kek --data-path data.wrapped --key-type-class aes --label data",
        ["key unwrap aes-pkcs5-pad"] = "key unwrap aes-pkcs5-pad --filter attr.label=kek --data-path data.wrapped --key-type-class aes --label data",
        ["key unwrap aes-zero-pad"] = "key unwrap aes-zero-pad --filter attr.label=kek --data-path data.wrapped --key-type-class aes --label data",
        ["key unwrap rsa-pkcs"] = "key unwrap rsa-pkcs --filter attr.label=partner attr.class=private-key --data-path data.wrapped --key-type-class aes --label data",
        ["key unwrap rsa-oaep"] =
            "key unwrap rsa-oaep --filter attr.label=partner attr.class=private-key --data-path data.wrapped --key-type-class aes --label data --hash-function sha256 --mgf mgf1-sha256",
        ["key unwrap rsa-aes"] =
            "key unwrap rsa-aes --filter attr.label=partner attr.class=private-key --data-path web.wrapped --key-type-class ec-private --label web --hash-function sha256 --mgf mgf1-sha256",

        ["crypto sign ecdsa"] = "crypto sign ecdsa --key-filter attr.label=web attr.class=private-key --hash-function sha256 --data-path message.txt",
        ["crypto sign ed25519"] = "crypto sign ed25519 --key-filter attr.label=ssh attr.class=private-key --data-path message.txt",
        ["crypto sign ed25519ph"] = "crypto sign ed25519ph --key-filter attr.label=ssh attr.class=private-key --hash-function sha512 --data-path message.txt",
        ["crypto sign ml-dsa"] = "crypto sign ml-dsa --key-filter attr.label=code attr.class=private-key --data-path message.txt",
        ["crypto sign rsa-pkcs"] = "crypto sign rsa-pkcs --key-filter attr.label=web attr.class=private-key --hash-function sha256 --data aGVsbG8=",
        ["crypto sign rsa-pkcs-pss"] = "crypto sign rsa-pkcs-pss --key-filter attr.label=web attr.class=private-key --hash-function sha256 --mgf mgf1-sha256 --salt-length 32 --data-path message.txt",
        ["crypto verify ecdsa"] = "crypto verify ecdsa --key-filter attr.label=web attr.class=public-key --hash-function sha256 --data-path message.txt --signature-path message.sig",
        ["crypto verify ed25519"] = "crypto verify ed25519 --key-filter attr.label=ssh attr.class=public-key --data-path message.txt --signature-path message.sig",
        ["crypto verify ed25519ph"] = "crypto verify ed25519ph --key-filter attr.label=ssh attr.class=public-key --hash-function sha512 --data-path message.txt --signature-path message.sig",
        ["crypto verify ml-dsa"] = "crypto verify ml-dsa --key-filter attr.label=code attr.class=public-key --data-path message.txt --signature-path message.sig",
        ["crypto verify rsa-pkcs"] = "crypto verify rsa-pkcs --key-filter attr.label=web attr.class=public-key --hash-function sha256 --data-path message.txt --signature-path message.sig",
        ["crypto verify rsa-pkcs-pss"] =
            "crypto verify rsa-pkcs-pss --key-filter attr.label=web attr.class=public-key --hash-function sha256 --mgf mgf1-sha256 --salt-length 32 --data-path message.txt --signature-path message.sig",
    };
}
