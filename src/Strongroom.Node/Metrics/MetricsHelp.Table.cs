using System.Collections.Frozen;

namespace Strongroom.Node.Metrics;

/// <summary>What each metric means, on one screen. A metric without a line here is a fault.</summary>
internal static class MetricsHelp
{
    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>
    {
        // ---- the HSM ----
        ["strongroom_info"] = "Always 1; the labels say which HSM of which cluster runs which version.",
        ["strongroom_up"] = "1 if the HSM serves applications.",
        ["strongroom_sealed"] = "1 while the HSM waits for its root of trust.",
        ["strongroom_failed"] = "1 once the HSM has stopped for good; its log says why.",
        ["strongroom_certificate_expiry_timestamp_seconds"] = "When a certificate ends, in seconds since 1970.",
        ["strongroom_certificate_expiry_warning_seconds"] = "60, 30 or 7 days in seconds once a certificate ends within so long; 0 before.",
        ["strongroom_disk_free_bytes"] = "Room left on the disk that holds the HSM's state or its store.",

        // ---- users, keys, sessions ----
        ["strongroom_users"] = "Users of the cluster.",
        ["strongroom_users_max"] = "Users that the cluster can have.",
        ["strongroom_keys"] = "Token objects of the cluster: keys, certificates, data.",
        ["strongroom_sessions"] = "Sessions open at this HSM.",
        ["strongroom_session_objects"] = "Session objects at this HSM.",
        ["strongroom_open_operations"] = "Operations in parts that are open.",
        ["strongroom_instances"] = "Instances of applications attached to this HSM.",
        ["strongroom_live_keys"] = "Keys that are unsealed in the HSM's locked memory.",
        ["strongroom_logins_total"] = "Logins by result.",

        // ---- operations ----
        ["strongroom_signatures_total"] = "Signatures made.",
        ["strongroom_operations_total"] = "Uses of keys by use, mechanism, user and result.",
        ["strongroom_operation_refusals_total"] = "Refused uses of keys by use and PKCS#11 return code.",
        ["strongroom_operation_seconds"] = "Time that whole operations took inside the HSM, by use and mechanism.",
        ["strongroom_find_seconds"] = "Time that a page of C_FindObjects took inside the HSM.",

        // ---- the listener ----
        ["strongroom_connections"] = "Connections open.",
        ["strongroom_connections_accepted_total"] = "Connections accepted.",
        ["strongroom_connections_turned_away_total"] = "Connections closed because there were too many.",
        ["strongroom_malformed_frames_total"] = "Frames that were none; each ended its connection.",
        ["strongroom_requests_total"] = "Requests read.",
        ["strongroom_refusals_total"] = "Requests answered with a return code other than CKR_OK.",

        // ---- the audit log ----
        ["strongroom_audit_events_total"] = "Number of the audit log's last event.",
        ["strongroom_audit_refused_total"] = "Operations refused because the audit log had no room.",
        ["strongroom_audit_unlogged_total"] = "Operations done without a record because the audit log had no room.",
        ["strongroom_audit_writes_total"] = "Writes of the audit log.",
        ["strongroom_audit_fsyncs_total"] = "Fsyncs of the audit log.",
        ["strongroom_audit_reboots_total"] = "How often the audit log was opened.",
        ["strongroom_audit_used_bytes"] = "Room that the audit log takes.",
        ["strongroom_audit_capacity_bytes"] = "Room that the audit log may take.",
        ["strongroom_audit_full"] = "1 while the audit log has no room.",
        ["strongroom_audit_failing"] = "1 while the audit log can't be written.",
        ["strongroom_audit_unkept_events"] = "Events behind the head that the cluster's store keeps.",
        ["strongroom_audit_forward_lag_events"] = "Events not yet forwarded, by receiver.",
        ["strongroom_audit_forwarded_total"] = "Events forwarded since the HSM's start, by receiver.",
        ["strongroom_audit_forward_failures_total"] = "Attempts to forward that failed, by receiver.",
    }.ToFrozenDictionary();

    /// <exception cref="KeyNotFoundException">The metric has no line.</exception>
    public static string Of(string name) => Texts[name];
}
