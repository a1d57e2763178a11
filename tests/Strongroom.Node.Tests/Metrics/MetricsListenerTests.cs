using Strongroom.Hsm;

namespace Strongroom.Node.Metrics;

public sealed class MetricsListenerTests
{
    [Fact]
    public void Counters_of_one_name_stand_together_under_their_type() => Assert.Equal(
        "# TYPE strongroom_operations_total counter\nstrongroom_operations_total{use=\"sign\"} 3\nstrongroom_operations_total{use=\"verify\"} 4\n# TYPE strongroom_keys gauge\nstrongroom_keys 7\n",
        MetricsListener.Render([new("strongroom_operations_total{use=\"sign\"}", 3), new("strongroom_keys", 7, IsGauge: true), new("strongroom_operations_total{use=\"verify\"}", 4)]));
}
