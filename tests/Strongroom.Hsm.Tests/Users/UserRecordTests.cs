using System.Formats.Cbor;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm.Tests.Users;

public sealed class UserRecordTests
{
    private static readonly DateTimeOffset Wall = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_000);

    [Fact]
    public void What_is_written_is_read()
    {
        var user = new UserRecord(new UserId(7), "alice", Role.Admin, new byte[] { 1, 2 }, 9) { Failures = 6, LastLogin = Wall, NotBefore = new Moment(Guid.NewGuid(), TimeSpan.FromHours(3), Wall) };
        UserRecord read = UserRecord.Read(user.Path, user.Write());
        Assert.Equal((user.NotBefore, user.Failures, user.LastLogin), (read.NotBefore, read.Failures, read.LastLogin));
        Assert.Null(UserRecord.Read(user.Path, (user with { NotBefore = null }).Write()).NotBefore);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_form_without_a_boot_is_read_and_judged_by_the_wall_clock(int format)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(format == 1 ? 10 : 13);
        writer.WriteInt32(format);
        writer.WriteUInt64(7);
        writer.WriteTextString("alice");
        writer.WriteInt32((int)Role.Admin);
        writer.WriteByteString([1, 2]);
        writer.WriteUInt64(9);
        writer.WriteInt32(6);
        writer.WriteBoolean(true);
        writer.WriteInt64(Wall.ToUnixTimeMilliseconds());
        writer.WriteInt64(0);
        if (format == 2)
        {
            writer.WriteByteString([4]);
            writer.WriteBoolean(false);
            writer.WriteBoolean(true);
        }

        writer.WriteEndArray();

        UserRecord user = UserRecord.Read(UserRecord.PathOf(Role.Admin, "alice"), writer.Encode());
        Assert.Equal((6, true, Wall), (user.Failures, user.Locked, user.NotBefore!.Value.Wall));
        Assert.Equal(TimeSpan.FromMinutes(-1), new Moment(Guid.NewGuid(), TimeSpan.FromDays(9), Wall.AddMinutes(-1)).Since(user.NotBefore.Value));
    }
}
