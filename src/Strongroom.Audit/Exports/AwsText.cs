using System.Globalization;
using Strongroom.Audit.Records;

namespace Strongroom.Audit.Exports;

/// <summary>
/// AWS's text format of the CloudHSM audit log, so that what reads that log reads ours: one block an event, a stream per HSM, numbers from 0x0.
/// What AWS does not log has lines of its own at the block's end: Mechanism, Digest, From.
/// </summary>
public static class AwsText
{
    /// <summary>CKR_PIN_INCORRECT; the two responses of AWS for it differ by whether the user exists.</summary>
    private const uint PinIncorrect = 0xA0;

    /// <summary>Writes one event and the empty line after it.</summary>
    public static void Write(TextWriter to, AuditEntry entry)
    {
        var e = entry.Event;
        var opcode = AwsOpcodes.Of(e);
        Line(to, $"Time: {e.Time.UtcDateTime:MM/dd/yy HH:mm:ss.ffffff}, usecs:{AuditTime.ToMicroseconds(e.Time)}");
        Line(to, $"Sequence No : 0x{e.Sequence - 1:x}");
        Line(to, $"Reboot counter : 0x{entry.Log.Reboot:x}");
        Line(to, $"Command Type(hex) : {(opcode.IsCertificate ? "CN_CERT_AUTH_CMD (0x9)" : "CN_MGMT_CMD (0x0)")}");
        Line(to, $"Opcode : {opcode.Name} (0x{opcode.Number:x})");
        Line(to, $"Session Handle : 0x{e.Session:x}");
        Line(to, $"Response : {Response(e)}");
        Line(to, $"Log type : {LogType(opcode.LogType)}");
        switch (opcode.LogType)
        {
            case AwsLogType.User:
                var (role, name) = e.Target is { } target ? (target.Role, target.Name) : (entry.Subject.Role, entry.Subject.User);
                Line(to, $"User Name : {name}");
                Line(to, $"User Type : {UserType(role)}");
                break;
            case AwsLogType.Key or AwsLogType.Use:
                Line(to, $"Priv/Secret Key Handle : {e.Key ?? 0}");
                Line(to, $"Public Key Handle : {e.SecondKey ?? 0}");
                Line(to, $"User Name : {entry.Subject.User}");
                break;
        }

        if (e.Mechanism is { } mechanism)
        {
            Line(to, $"Mechanism : {StandardNames.OfMechanism(mechanism)} (0x{mechanism:x})");
        }

        if (e.Digest is { } digest)
        {
            Line(to, $"Digest : SHA-256 {digest}");
        }

        if (entry.Subject.Address.Length > 0)
        {
            Line(to, $"From : {entry.Subject.Address}");
        }

        if (e.Detail.Length > 0)
        {
            Line(to, $"Detail : {Plain(e.Detail)}");
        }

        to.Write('\n');
    }

    private static string Response(EventRecord e) => e.Result switch
    {
        0 => "0:HSM Return: SUCCESS",
        PinIncorrect when e.Operation == AuditOperation.Login && e.Target is null => "157:HSM Error: user isn't initialized or user with this name doesn't exist",
        PinIncorrect when e.Operation == AuditOperation.Login => "163:HSM Error: RET_USER_LOGIN_FAILURE",
        _ => string.Create(CultureInfo.InvariantCulture, $"{0x10000 + e.Result}:HSM Error: {StandardNames.OfResult(e.Result)}"),
    };

    private static string LogType(AwsLogType type) => type switch
    {
        AwsLogType.Key => "MGMT_KEY_DETAILS_LOG (1)",
        AwsLogType.User => "MGMT_USER_DETAILS_LOG (2)",
        AwsLogType.Use => "SR_USE_DETAILS_LOG (128)",
        _ => "MINIMAL_LOG_ENTRY (0)",
    };

    private static string UserType(int role) => role switch
    {
        1 => "CN_CRYPTO_OFFICER (2)",
        2 => "CN_CRYPTO_USER (1)",
        3 => "CN_APPLIANCE_USER (5)",
        4 => "CN_CRYPTO_PRE_OFFICER (6)",
        _ => "CN_NONE (0)",
    };

    // One event must not be able to look like two.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static void Line(TextWriter to, FormattableString line)
    {
        to.Write(line.ToString(CultureInfo.InvariantCulture));
        to.Write('\n');
    }
}
