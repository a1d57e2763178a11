using Strongroom.Hsm;

namespace Strongroom.Node.Metrics;

public sealed class MetricsTextTests
{
    [Fact]
    public void Counters_of_one_name_stand_together_under_their_type() => Assert.Equal(
        """
        # HELP strongroom_operations_total Uses of keys by use, mechanism, user and result.
        # TYPE strongroom_operations_total counter
        strongroom_operations_total{use="sign"} 3
        strongroom_operations_total{use="verify"} 4
        # HELP strongroom_keys Token objects of the cluster: keys, certificates, data.
        # TYPE strongroom_keys gauge
        strongroom_keys 7

        """,
        MetricsText.Render([new("strongroom_operations_total{use=\"sign\"}", 3), new("strongroom_keys", 7, IsGauge: true), new("strongroom_operations_total{use=\"verify\"}", 4)], []));

    [Fact]
    public void A_histograms_classes_count_what_is_not_above_them() => Assert.Equal(
        """
        # HELP strongroom_operation_seconds Time that whole operations took inside the HSM, by use and mechanism.
        # TYPE strongroom_operation_seconds histogram
        strongroom_operation_seconds_bucket{use="sign",le="0.001"} 2
        strongroom_operation_seconds_bucket{use="sign",le="1"} 2
        strongroom_operation_seconds_bucket{use="sign",le="+Inf"} 5
        strongroom_operation_seconds_sum{use="sign"} 9.5
        strongroom_operation_seconds_count{use="sign"} 5

        """,
        MetricsText.Render([], [new Histogram("strongroom_operation_seconds", "use=\"sign\"", [0.001, 1], [2, 0, 3], 9.5)]));

    [Fact]
    public void A_histogram_without_labels_has_no_empty_ones() => Assert.Equal(
        """
        # HELP strongroom_find_seconds Time that a page of C_FindObjects took inside the HSM.
        # TYPE strongroom_find_seconds histogram
        strongroom_find_seconds_bucket{le="0.001"} 2
        strongroom_find_seconds_bucket{le="+Inf"} 3
        strongroom_find_seconds_sum 4.5
        strongroom_find_seconds_count 3

        """,
        MetricsText.Render([], [new Histogram("strongroom_find_seconds", "", [0.001], [2, 1], 4.5)]));
}
