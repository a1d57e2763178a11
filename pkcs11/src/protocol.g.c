/* Generated from protocol.json by tools/ProtocolGenerator. Do not edit. */
#include "protocol.g.h"

static void put_sr_attribute(sr_writer *w, const sr_attribute *r, bool may_nest)
{
    sr_put_array(w, 3u);
    sr_put_uint(w, r->type);
    if (!r->value.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->value.data, r->value.size);
    }
    if (!r->nested.present) {
        sr_put_null(w);
    } else {
        if (r->nested.count > 64u || !may_nest) {
            w->failed = true;
            return;
        }
        sr_put_array(w, r->nested.count);
        for (size_t i = 0; i < r->nested.count; i++) {
            put_sr_attribute(w, &r->nested.items[i], false);
        }
    }
}

static bool get_sr_attribute(sr_reader *r, sr_arena *a, sr_attribute *out, bool may_nest)
{
    size_t fields = 0;
    if (!sr_get_array(r, &fields) || fields != 3u) {
        return false;
    }
    if (!sr_get_uint(r, &out->type)) {
        return false;
    }
    out->value.present = false;
    if (!sr_get_null(r)) {
        if (!sr_get_bytes(r, &out->value, 65536u)) {
            return false;
        }
    }
    out->nested.present = false;
    if (!sr_get_null(r)) {
        size_t nested_items_count = 0;
        if (!sr_get_array(r, &nested_items_count) || nested_items_count > 64u || !may_nest) {
            return false;
        }
        sr_attribute *nested_items = sr_arena_take(a, (nested_items_count ? nested_items_count : 1u) * sizeof *nested_items);
        if (nested_items == NULL) {
            return false;
        }
        for (size_t i = 0; i < nested_items_count; i++) {
            if (!get_sr_attribute(r, a, &nested_items[i], false)) {
                return false;
            }
        }
        out->nested.items = nested_items;
        out->nested.count = nested_items_count;
        out->nested.present = true;
    }
    return true;
}

static bool get_sr_attribute_result(sr_reader *r, sr_arena *a, sr_attribute_result *out)
{
    size_t fields = 0;
    if (!sr_get_array(r, &fields) || fields != 4u) {
        return false;
    }
    if (!sr_get_uint(r, &out->type)) {
        return false;
    }
    if (!sr_get_uint(r, &out->rv)) {
        return false;
    }
    out->value.present = false;
    if (!sr_get_null(r)) {
        if (!sr_get_bytes(r, &out->value, 65536u)) {
            return false;
        }
    }
    out->nested.present = false;
    if (!sr_get_null(r)) {
        size_t nested_items_count = 0;
        if (!sr_get_array(r, &nested_items_count) || nested_items_count > 64u) {
            return false;
        }
        sr_attribute *nested_items = sr_arena_take(a, (nested_items_count ? nested_items_count : 1u) * sizeof *nested_items);
        if (nested_items == NULL) {
            return false;
        }
        for (size_t i = 0; i < nested_items_count; i++) {
            if (!get_sr_attribute(r, a, &nested_items[i], true)) {
                return false;
            }
        }
        out->nested.items = nested_items;
        out->nested.count = nested_items_count;
        out->nested.present = true;
    }
    return true;
}

static void put_sr_derivation_part(sr_writer *w, const sr_derivation_part *r)
{
    sr_put_array(w, 5u);
    sr_put_uint(w, r->kind);
    if (!r->value.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->value.data, r->value.size);
    }
    sr_put_bool(w, r->little_endian);
    sr_put_uint(w, r->width_in_bits);
    sr_put_uint(w, r->method);
}

static void put_sr_mechanism(sr_writer *w, const sr_mechanism *r)
{
    sr_put_array(w, 9u);
    sr_put_uint(w, r->number);
    sr_put_uint(w, r->shape);
    if (!r->iv.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->iv.data, r->iv.size);
    }
    if (!r->aad.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->aad.data, r->aad.size);
    }
    if (!r->bits.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->bits.value);
    }
    if (!r->hash.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->hash.value);
    }
    if (!r->mgf.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->mgf.value);
    }
    if (!r->length.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->length.value);
    }
    if (!r->parts.present) {
        sr_put_null(w);
    } else {
        if (r->parts.count > 16u) {
            w->failed = true;
            return;
        }
        sr_put_array(w, r->parts.count);
        for (size_t i = 0; i < r->parts.count; i++) {
            put_sr_derivation_part(w, &r->parts.items[i]);
        }
    }
}

static bool get_sr_mechanism_info(sr_reader *r, sr_arena *a, sr_mechanism_info *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 6u) {
        return false;
    }
    if (!sr_get_uint(r, &out->number)) {
        return false;
    }
    if (!sr_get_uint(r, &out->min_key_size)) {
        return false;
    }
    if (!sr_get_uint(r, &out->max_key_size)) {
        return false;
    }
    if (!sr_get_uint(r, &out->flags)) {
        return false;
    }
    if (!sr_get_uint(r, &out->shape)) {
        return false;
    }
    if (!sr_get_bool(r, &out->multipart)) {
        return false;
    }
    return true;
}

static bool get_sr_user(sr_reader *r, sr_arena *a, sr_user *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 5u) {
        return false;
    }
    if (!sr_get_text(r, &out->name, 31u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->role)) {
        return false;
    }
    if (!sr_get_bool(r, &out->locked)) {
        return false;
    }
    if (!sr_get_bool(r, &out->multi_factor)) {
        return false;
    }
    if (!sr_get_bool(r, &out->approves)) {
        return false;
    }
    return true;
}

static void put_sr_key_user(sr_writer *w, const sr_key_user *r)
{
    sr_put_array(w, 1u);
    sr_put_text(w, r->name.data, r->name.size);
}

static bool get_sr_key_user(sr_reader *r, sr_arena *a, sr_key_user *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 1u) {
        return false;
    }
    if (!sr_get_text(r, &out->name, 31u)) {
        return false;
    }
    return true;
}

static void put_sr_query_term(sr_writer *w, const sr_query_term *r)
{
    sr_put_array(w, 3u);
    sr_put_uint(w, r->operator);
    if (!r->type.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->type.value);
    }
    if (!r->value.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->value.data, r->value.size);
    }
}

static bool get_sr_found_key(sr_reader *r, sr_arena *a, sr_found_key *out)
{
    size_t fields = 0;
    if (!sr_get_array(r, &fields) || fields != 2u) {
        return false;
    }
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    size_t attributes_items_count = 0;
    if (!sr_get_array(r, &attributes_items_count) || attributes_items_count > 128u) {
        return false;
    }
    sr_attribute_result *attributes_items = sr_arena_take(a, (attributes_items_count ? attributes_items_count : 1u) * sizeof *attributes_items);
    if (attributes_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < attributes_items_count; i++) {
        if (!get_sr_attribute_result(r, a, &attributes_items[i])) {
            return false;
        }
    }
    out->attributes.items = attributes_items;
    out->attributes.count = attributes_items_count;
    out->attributes.present = true;
    return true;
}

static void put_sr_approval(sr_writer *w, const sr_approval *r)
{
    sr_put_array(w, 3u);
    sr_put_text(w, r->user.data, r->user.size);
    sr_put_uint(w, r->role);
    sr_put_bytes(w, r->signature.data, r->signature.size);
}

static bool get_sr_trust_anchor(sr_reader *r, sr_arena *a, sr_trust_anchor *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 2u) {
        return false;
    }
    if (!sr_get_uint(r, &out->reference)) {
        return false;
    }
    if (!sr_get_text(r, &out->certificates, 7000u)) {
        return false;
    }
    return true;
}

static bool get_sr_quorum_token(sr_reader *r, sr_arena *a, sr_quorum_token *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 7u) {
        return false;
    }
    if (!sr_get_text(r, &out->user, 31u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->role)) {
        return false;
    }
    if (!sr_get_uint(r, &out->service)) {
        return false;
    }
    if (!sr_get_uint(r, &out->key)) {
        return false;
    }
    if (!sr_get_uint(r, &out->required)) {
        return false;
    }
    if (!sr_get_uint(r, &out->approvals)) {
        return false;
    }
    if (!sr_get_uint(r, &out->seconds)) {
        return false;
    }
    return true;
}

static bool get_sr_audit_segment(sr_reader *r, sr_arena *a, sr_audit_segment *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 6u) {
        return false;
    }
    if (!sr_get_uint(r, &out->number)) {
        return false;
    }
    if (!sr_get_uint(r, &out->bytes)) {
        return false;
    }
    if (!sr_get_bool(r, &out->compressed)) {
        return false;
    }
    if (!sr_get_bool(r, &out->finished)) {
        return false;
    }
    if (!sr_get_uint(r, &out->first_sequence)) {
        return false;
    }
    if (!sr_get_uint(r, &out->opened)) {
        return false;
    }
    return true;
}

static bool get_sr_certificate_life(sr_reader *r, sr_arena *a, sr_certificate_life *out)
{
    size_t fields = 0;
    (void)a;
    if (!sr_get_array(r, &fields) || fields != 4u) {
        return false;
    }
    if (!sr_get_text(r, &out->name, 64u)) {
        return false;
    }
    if (!sr_get_text(r, &out->subject, 1024u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->not_after)) {
        return false;
    }
    if (!sr_get_uint(r, &out->warning)) {
        return false;
    }
    return true;
}

bool sr_write_hello(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_hello_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_HELLO);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    if (r->versions.count > 16u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->versions.count);
    for (size_t i = 0; i < r->versions.count; i++) {
        sr_put_uint(w, r->versions.items[i]);
    }
    sr_put_bytes(w, r->instance.data, r->instance.size);
    sr_put_text(w, r->client.data, r->client.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_hello(sr_reader *r, sr_arena *a, sr_hello_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->version)) {
        return false;
    }
    if (!sr_get_bytes(r, &out->challenge, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->cluster, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->hsm, 32u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->max_frame)) {
        return false;
    }
    return true;
}

bool sr_write_attach(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_attach_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_ATTACH);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bytes(w, r->signature.data, r->signature.size);
    if (!r->ticket.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->ticket.data, r->ticket.size);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_attach(sr_reader *r, sr_arena *a, sr_attach_reply *out)
{
    (void)a;
    if (!sr_get_bool(r, &out->logged_in)) {
        return false;
    }
    out->cause.present = false;
    if (!sr_get_null(r)) {
        if (!sr_get_text(r, &out->cause, 256u)) {
            return false;
        }
    }
    return true;
}

bool sr_write_echo(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_echo_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_ECHO);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bytes(w, r->data.data, r->data.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_echo(sr_reader *r, sr_arena *a, sr_echo_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->data, 1048576u)) {
        return false;
    }
    return true;
}

bool sr_write_login(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_login_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LOGIN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->user_type);
    sr_put_bytes(w, r->pin.data, r->pin.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_login(sr_reader *r, sr_arena *a, sr_login_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->ticket, 512u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->lifetime)) {
        return false;
    }
    return true;
}

bool sr_write_logout(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_logout_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LOGOUT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_logout(sr_reader *r, sr_arena *a, sr_logout_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_renew_ticket(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_renew_ticket_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_RENEW_TICKET);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_renew_ticket(sr_reader *r, sr_arena *a, sr_renew_ticket_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->ticket, 512u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->lifetime)) {
        return false;
    }
    return true;
}

bool sr_write_set_pin(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_pin_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SET_PIN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_bytes(w, r->old_pin.data, r->old_pin.size);
    sr_put_bytes(w, r->new_pin.data, r->new_pin.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_set_pin(sr_reader *r, sr_arena *a, sr_set_pin_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_init_pin(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_init_pin_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_INIT_PIN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_bytes(w, r->pin.data, r->pin.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_init_pin(sr_reader *r, sr_arena *a, sr_init_pin_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_get_token_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_token_info_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_TOKEN_INFO);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_token_info(sr_reader *r, sr_arena *a, sr_get_token_info_reply *out)
{
    (void)a;
    if (!sr_get_text(r, &out->label, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->model, 16u)) {
        return false;
    }
    if (!sr_get_text(r, &out->serial, 16u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->flags)) {
        return false;
    }
    if (!sr_get_uint(r, &out->max_sessions)) {
        return false;
    }
    if (!sr_get_uint(r, &out->sessions)) {
        return false;
    }
    if (!sr_get_uint(r, &out->rw_sessions)) {
        return false;
    }
    if (!sr_get_uint(r, &out->min_pin)) {
        return false;
    }
    if (!sr_get_uint(r, &out->max_pin)) {
        return false;
    }
    if (!sr_get_uint(r, &out->firmware_major)) {
        return false;
    }
    if (!sr_get_uint(r, &out->firmware_minor)) {
        return false;
    }
    if (!sr_get_text(r, &out->utc_time, 16u)) {
        return false;
    }
    return true;
}

bool sr_write_get_mechanisms(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_mechanisms_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_MECHANISMS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_mechanisms(sr_reader *r, sr_arena *a, sr_get_mechanisms_reply *out)
{
    size_t mechanisms_items_count = 0;
    if (!sr_get_array(r, &mechanisms_items_count) || mechanisms_items_count > 512u) {
        return false;
    }
    sr_mechanism_info *mechanisms_items = sr_arena_take(a, (mechanisms_items_count ? mechanisms_items_count : 1u) * sizeof *mechanisms_items);
    if (mechanisms_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < mechanisms_items_count; i++) {
        if (!get_sr_mechanism_info(r, a, &mechanisms_items[i])) {
            return false;
        }
    }
    out->mechanisms.items = mechanisms_items;
    out->mechanisms.count = mechanisms_items_count;
    out->mechanisms.present = true;
    return true;
}

bool sr_write_open_session(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_open_session_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_OPEN_SESSION);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_open_session(sr_reader *r, sr_arena *a, sr_open_session_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_close_session(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_close_session_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CLOSE_SESSION);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_close_session(sr_reader *r, sr_arena *a, sr_close_session_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_close_all_sessions(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_close_all_sessions_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CLOSE_ALL_SESSIONS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_close_all_sessions(sr_reader *r, sr_arena *a, sr_close_all_sessions_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_get_session_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_session_info_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_SESSION_INFO);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_session_info(sr_reader *r, sr_arena *a, sr_get_session_info_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->state)) {
        return false;
    }
    return true;
}

bool sr_write_create_object(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_create_object_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CREATE_OBJECT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_create_object(sr_reader *r, sr_arena *a, sr_create_object_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_copy_object(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_copy_object_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 8u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_COPY_OBJECT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    sr_put_uint(w, r->handle);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_copy_object(sr_reader *r, sr_arena *a, sr_copy_object_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_destroy_object(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_destroy_object_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_DESTROY_OBJECT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    sr_put_uint(w, r->handle);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_destroy_object(sr_reader *r, sr_arena *a, sr_destroy_object_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_get_attributes(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_attributes_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_ATTRIBUTES);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->handle);
    if (r->types.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->types.count);
    for (size_t i = 0; i < r->types.count; i++) {
        sr_put_uint(w, r->types.items[i]);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_attributes(sr_reader *r, sr_arena *a, sr_get_attributes_reply *out)
{
    size_t results_items_count = 0;
    if (!sr_get_array(r, &results_items_count) || results_items_count > 128u) {
        return false;
    }
    sr_attribute_result *results_items = sr_arena_take(a, (results_items_count ? results_items_count : 1u) * sizeof *results_items);
    if (results_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < results_items_count; i++) {
        if (!get_sr_attribute_result(r, a, &results_items[i])) {
            return false;
        }
    }
    out->results.items = results_items;
    out->results.count = results_items_count;
    out->results.present = true;
    return true;
}

bool sr_write_set_attributes(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_attributes_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SET_ATTRIBUTES);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->handle);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_set_attributes(sr_reader *r, sr_arena *a, sr_set_attributes_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_find_objects(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_find_objects_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 9u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_FIND_OBJECTS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_put_uint(w, r->after);
    sr_put_uint(w, r->limit);
    if (r->key_types.count > 32u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->key_types.count);
    for (size_t i = 0; i < r->key_types.count; i++) {
        sr_put_uint(w, r->key_types.items[i]);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_find_objects(sr_reader *r, sr_arena *a, sr_find_objects_reply *out)
{
    size_t handles_items_count = 0;
    if (!sr_get_array(r, &handles_items_count) || handles_items_count > 4096u) {
        return false;
    }
    uint64_t *handles_items = sr_arena_take(a, (handles_items_count ? handles_items_count : 1u) * sizeof *handles_items);
    if (handles_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < handles_items_count; i++) {
        if (!sr_get_uint(r, &handles_items[i])) {
            return false;
        }
    }
    out->handles.items = handles_items;
    out->handles.count = handles_items_count;
    out->handles.present = true;
    if (!sr_get_bool(r, &out->more)) {
        return false;
    }
    return true;
}

bool sr_write_get_object_size(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_object_size_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_OBJECT_SIZE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->handle);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_object_size(sr_reader *r, sr_arena *a, sr_get_object_size_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->size)) {
        return false;
    }
    return true;
}

bool sr_write_generate_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 11u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GENERATE_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    put_sr_mechanism(w, &r->mechanism);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    if (!r->share_with.present) {
        sr_put_null(w);
    } else {
        if (r->share_with.count > 64u) {
            w->failed = true;
            return false;
        }
        sr_put_array(w, r->share_with.count);
        for (size_t i = 0; i < r->share_with.count; i++) {
            put_sr_key_user(w, &r->share_with.items[i]);
        }
    }
    if (!r->manage_quorum.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->manage_quorum.value);
    }
    if (!r->use_quorum.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->use_quorum.value);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_generate_key(sr_reader *r, sr_arena *a, sr_generate_key_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_generate_key_pair(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_key_pair_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 12u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GENERATE_KEY_PAIR);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    put_sr_mechanism(w, &r->mechanism);
    if (r->public_template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->public_template.count);
    for (size_t i = 0; i < r->public_template.count; i++) {
        put_sr_attribute(w, &r->public_template.items[i], true);
    }
    if (r->private_template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->private_template.count);
    for (size_t i = 0; i < r->private_template.count; i++) {
        put_sr_attribute(w, &r->private_template.items[i], true);
    }
    if (!r->share_with.present) {
        sr_put_null(w);
    } else {
        if (r->share_with.count > 64u) {
            w->failed = true;
            return false;
        }
        sr_put_array(w, r->share_with.count);
        for (size_t i = 0; i < r->share_with.count; i++) {
            put_sr_key_user(w, &r->share_with.items[i]);
        }
    }
    if (!r->manage_quorum.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->manage_quorum.value);
    }
    if (!r->use_quorum.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->use_quorum.value);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_generate_key_pair(sr_reader *r, sr_arena *a, sr_generate_key_pair_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->public_handle)) {
        return false;
    }
    if (!sr_get_uint(r, &out->private_handle)) {
        return false;
    }
    return true;
}

bool sr_write_wrap_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_wrap_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 8u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_WRAP_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->wrapping_key);
    sr_put_uint(w, r->key);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_wrap_key(sr_reader *r, sr_arena *a, sr_wrap_key_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->wrapped, 65536u)) {
        return false;
    }
    out->iv.present = false;
    if (!sr_get_null(r)) {
        if (!sr_get_bytes(r, &out->iv, 64u)) {
            return false;
        }
    }
    return true;
}

bool sr_write_unwrap_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_unwrap_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 13u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_UNWRAP_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->unwrapping_key);
    sr_put_bytes(w, r->wrapped.data, r->wrapped.size);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    if (!r->share_with.present) {
        sr_put_null(w);
    } else {
        if (r->share_with.count > 64u) {
            w->failed = true;
            return false;
        }
        sr_put_array(w, r->share_with.count);
        for (size_t i = 0; i < r->share_with.count; i++) {
            put_sr_key_user(w, &r->share_with.items[i]);
        }
    }
    if (!r->manage_quorum.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->manage_quorum.value);
    }
    if (!r->use_quorum.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->use_quorum.value);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_unwrap_key(sr_reader *r, sr_arena *a, sr_unwrap_key_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_derive_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_derive_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 9u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_DERIVE_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->base_key);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_derive_key(sr_reader *r, sr_arena *a, sr_derive_key_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_encapsulate_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_encapsulate_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 9u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_ENCAPSULATE_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->public_key);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_encapsulate_key(sr_reader *r, sr_arena *a, sr_encapsulate_key_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->ciphertext, 65536u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_decapsulate_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_decapsulate_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 10u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_DECAPSULATE_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->creation);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->private_key);
    sr_put_bytes(w, r->ciphertext.data, r->ciphertext.size);
    if (r->template.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->template.count);
    for (size_t i = 0; i < r->template.count; i++) {
        put_sr_attribute(w, &r->template.items[i], true);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_decapsulate_key(sr_reader *r, sr_arena *a, sr_decapsulate_key_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->handle)) {
        return false;
    }
    return true;
}

bool sr_write_prepare(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_prepare_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 8u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_PREPARE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->use);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->key);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_prepare(sr_reader *r, sr_arena *a, sr_prepare_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->fixed)) {
        return false;
    }
    if (!sr_get_uint(r, &out->add)) {
        return false;
    }
    if (!sr_get_uint(r, &out->block)) {
        return false;
    }
    if (!sr_get_uint(r, &out->max_input)) {
        return false;
    }
    if (!sr_get_bool(r, &out->multipart)) {
        return false;
    }
    if (!sr_get_bool(r, &out->cacheable)) {
        return false;
    }
    if (!sr_get_uint(r, &out->key_version)) {
        return false;
    }
    if (!sr_get_bool(r, &out->resends)) {
        return false;
    }
    return true;
}

bool sr_write_perform(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_perform_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 10u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_PERFORM);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->use);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->key);
    sr_put_bytes(w, r->data.data, r->data.size);
    if (!r->signature.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->signature.data, r->signature.size);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_perform(sr_reader *r, sr_arena *a, sr_perform_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->data, 1114000u)) {
        return false;
    }
    out->iv.present = false;
    if (!sr_get_null(r)) {
        if (!sr_get_bytes(r, &out->iv, 64u)) {
            return false;
        }
    }
    return true;
}

bool sr_write_begin(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 8u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_BEGIN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->use);
    put_sr_mechanism(w, &r->mechanism);
    sr_put_uint(w, r->key);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_begin(sr_reader *r, sr_arena *a, sr_begin_reply *out)
{
    (void)a;
    out->iv.present = false;
    if (!sr_get_null(r)) {
        if (!sr_get_bytes(r, &out->iv, 64u)) {
            return false;
        }
    }
    return true;
}

bool sr_write_update(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_update_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 8u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_UPDATE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->use);
    sr_put_bytes(w, r->data.data, r->data.size);
    if (!r->key.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->key.value);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_update(sr_reader *r, sr_arena *a, sr_update_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->data, 1114000u)) {
        return false;
    }
    return true;
}

bool sr_write_finish(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_finish_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_FINISH);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->use);
    if (!r->signature.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->signature.data, r->signature.size);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_finish(sr_reader *r, sr_arena *a, sr_finish_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->data, 1114000u)) {
        return false;
    }
    if (!sr_get_bool(r, &out->again)) {
        return false;
    }
    return true;
}

bool sr_write_cancel(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_cancel_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CANCEL);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->use);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_cancel(sr_reader *r, sr_arena *a, sr_cancel_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_generate_random(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_random_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GENERATE_RANDOM);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->length);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_generate_random(sr_reader *r, sr_arena *a, sr_generate_random_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->data, 1048576u)) {
        return false;
    }
    return true;
}

bool sr_write_seed_random(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_seed_random_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SEED_RANDOM);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bytes(w, r->seed.data, r->seed.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_seed_random(sr_reader *r, sr_arena *a, sr_seed_random_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_activate(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_activate_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_ACTIVATE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bytes(w, r->code.data, r->code.size);
    sr_put_bytes(w, r->password.data, r->password.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_activate(sr_reader *r, sr_arena *a, sr_activate_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_create_user(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_create_user_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CREATE_USER);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->name.data, r->name.size);
    sr_put_uint(w, r->role);
    sr_put_bytes(w, r->password.data, r->password.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_create_user(sr_reader *r, sr_arena *a, sr_create_user_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_delete_user(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_delete_user_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_DELETE_USER);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->name.data, r->name.size);
    sr_put_uint(w, r->role);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_delete_user(sr_reader *r, sr_arena *a, sr_delete_user_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_change_password(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_change_password_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 9u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CHANGE_PASSWORD);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->name.data, r->name.size);
    sr_put_uint(w, r->role);
    sr_put_bytes(w, r->password.data, r->password.size);
    sr_put_bool(w, r->withdraw_approvals);
    sr_put_bool(w, r->withdraw_multi_factor);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_change_password(sr_reader *r, sr_arena *a, sr_change_password_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_list_users(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_users_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LIST_USERS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->after.data, r->after.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_list_users(sr_reader *r, sr_arena *a, sr_list_users_reply *out)
{
    size_t users_items_count = 0;
    if (!sr_get_array(r, &users_items_count) || users_items_count > 256u) {
        return false;
    }
    sr_user *users_items = sr_arena_take(a, (users_items_count ? users_items_count : 1u) * sizeof *users_items);
    if (users_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < users_items_count; i++) {
        if (!get_sr_user(r, a, &users_items[i])) {
            return false;
        }
    }
    out->users.items = users_items;
    out->users.count = users_items_count;
    out->users.present = true;
    if (!sr_get_bool(r, &out->more)) {
        return false;
    }
    return true;
}

bool sr_write_get_cluster_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_cluster_info_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_CLUSTER_INFO);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_cluster_info(sr_reader *r, sr_arena *a, sr_get_cluster_info_reply *out)
{
    (void)a;
    if (!sr_get_text(r, &out->cluster, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->hsm, 32u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->state)) {
        return false;
    }
    if (!sr_get_text(r, &out->mode, 16u)) {
        return false;
    }
    if (!sr_get_bool(r, &out->fips_provider)) {
        return false;
    }
    if (!sr_get_text(r, &out->root_of_trust, 16u)) {
        return false;
    }
    if (!sr_get_text(r, &out->version, 32u)) {
        return false;
    }
    return true;
}

bool sr_write_begin_quorum_registration(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_quorum_registration_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_BEGIN_QUORUM_REGISTRATION);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_begin_quorum_registration(sr_reader *r, sr_arena *a, sr_begin_quorum_registration_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->challenge, 245u)) {
        return false;
    }
    return true;
}

bool sr_write_register_quorum_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_register_quorum_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_REGISTER_QUORUM_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bytes(w, r->key.data, r->key.size);
    sr_put_bytes(w, r->challenge.data, r->challenge.size);
    sr_put_bytes(w, r->signature.data, r->signature.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_register_quorum_key(sr_reader *r, sr_arena *a, sr_register_quorum_key_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_begin_mfa_login(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_mfa_login_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_BEGIN_MFA_LOGIN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->user_type);
    sr_put_text(w, r->name.data, r->name.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_begin_mfa_login(sr_reader *r, sr_arena *a, sr_begin_mfa_login_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->challenge, 32u)) {
        return false;
    }
    return true;
}

bool sr_write_login_with_mfa(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_login_with_mfa_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 8u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LOGIN_WITH_MFA);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->user_type);
    sr_put_bytes(w, r->pin.data, r->pin.size);
    sr_put_bytes(w, r->challenge.data, r->challenge.size);
    sr_put_bytes(w, r->signature.data, r->signature.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_login_with_mfa(sr_reader *r, sr_arena *a, sr_login_with_mfa_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->ticket, 512u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->lifetime)) {
        return false;
    }
    return true;
}

bool sr_write_begin_mfa_registration(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_begin_mfa_registration_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_BEGIN_MFA_REGISTRATION);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->name.data, r->name.size);
    sr_put_uint(w, r->role);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_begin_mfa_registration(sr_reader *r, sr_arena *a, sr_begin_mfa_registration_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->challenge, 32u)) {
        return false;
    }
    return true;
}

bool sr_write_change_mfa(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_change_mfa_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 11u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_CHANGE_MFA);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->name.data, r->name.size);
    sr_put_uint(w, r->role);
    sr_put_bool(w, r->change_quorum);
    if (!r->key.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->key.data, r->key.size);
    }
    if (!r->challenge.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->challenge.data, r->challenge.size);
    }
    if (!r->signature.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->signature.data, r->signature.size);
    }
    if (!r->password.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->password.data, r->password.size);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_change_mfa(sr_reader *r, sr_arena *a, sr_change_mfa_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_list_audit(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_audit_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LIST_AUDIT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->after);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_list_audit(sr_reader *r, sr_arena *a, sr_list_audit_reply *out)
{
    if (!sr_get_text(r, &out->cluster, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->hsm, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->head, 4096u)) {
        return false;
    }
    if (!sr_get_text(r, &out->certificates, 40000u)) {
        return false;
    }
    size_t segments_items_count = 0;
    if (!sr_get_array(r, &segments_items_count) || segments_items_count > 256u) {
        return false;
    }
    sr_audit_segment *segments_items = sr_arena_take(a, (segments_items_count ? segments_items_count : 1u) * sizeof *segments_items);
    if (segments_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < segments_items_count; i++) {
        if (!get_sr_audit_segment(r, a, &segments_items[i])) {
            return false;
        }
    }
    out->segments.items = segments_items;
    out->segments.count = segments_items_count;
    out->segments.present = true;
    if (!sr_get_bool(r, &out->more)) {
        return false;
    }
    return true;
}

bool sr_write_read_audit(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_read_audit_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_READ_AUDIT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->segment);
    sr_put_bool(w, r->compressed);
    sr_put_uint(w, r->offset);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_read_audit(sr_reader *r, sr_arena *a, sr_read_audit_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->data, 262144u)) {
        return false;
    }
    if (!sr_get_bool(r, &out->finished)) {
        return false;
    }
    return true;
}

bool sr_write_share_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_share_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SHARE_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->key);
    sr_put_text(w, r->user.data, r->user.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_share_key(sr_reader *r, sr_arena *a, sr_share_key_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_unshare_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_unshare_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_UNSHARE_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->key);
    sr_put_text(w, r->user.data, r->user.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_unshare_key(sr_reader *r, sr_arena *a, sr_unshare_key_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_get_key_info(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_key_info_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_KEY_INFO);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->key);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_key_info(sr_reader *r, sr_arena *a, sr_get_key_info_reply *out)
{
    if (!sr_get_text(r, &out->owner, 31u)) {
        return false;
    }
    size_t shared_with_items_count = 0;
    if (!sr_get_array(r, &shared_with_items_count) || shared_with_items_count > 1024u) {
        return false;
    }
    sr_key_user *shared_with_items = sr_arena_take(a, (shared_with_items_count ? shared_with_items_count : 1u) * sizeof *shared_with_items);
    if (shared_with_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < shared_with_items_count; i++) {
        if (!get_sr_key_user(r, a, &shared_with_items[i])) {
            return false;
        }
    }
    out->shared_with.items = shared_with_items;
    out->shared_with.count = shared_with_items_count;
    out->shared_with.present = true;
    if (!sr_get_uint(r, &out->manage_quorum)) {
        return false;
    }
    if (!sr_get_uint(r, &out->use_quorum)) {
        return false;
    }
    return true;
}

bool sr_write_search_keys(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_search_keys_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 11u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SEARCH_KEYS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    if (r->query.count > 256u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->query.count);
    for (size_t i = 0; i < r->query.count; i++) {
        put_sr_query_term(w, &r->query.items[i]);
    }
    sr_put_uint(w, r->after);
    sr_put_uint(w, r->skip);
    sr_put_uint(w, r->limit);
    sr_put_bool(w, r->count);
    if (r->types.count > 128u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->types.count);
    for (size_t i = 0; i < r->types.count; i++) {
        sr_put_uint(w, r->types.items[i]);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_search_keys(sr_reader *r, sr_arena *a, sr_search_keys_reply *out)
{
    if (!sr_get_uint(r, &out->total)) {
        return false;
    }
    size_t keys_items_count = 0;
    if (!sr_get_array(r, &keys_items_count) || keys_items_count > 4096u) {
        return false;
    }
    sr_found_key *keys_items = sr_arena_take(a, (keys_items_count ? keys_items_count : 1u) * sizeof *keys_items);
    if (keys_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < keys_items_count; i++) {
        if (!get_sr_found_key(r, a, &keys_items[i])) {
            return false;
        }
    }
    out->keys.items = keys_items;
    out->keys.count = keys_items_count;
    out->keys.present = true;
    if (!sr_get_bool(r, &out->more)) {
        return false;
    }
    return true;
}

bool sr_write_attest_key(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_attest_key_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 7u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_ATTEST_KEY);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->session);
    sr_put_uint(w, r->handle);
    if (!r->nonce.present) {
        sr_put_null(w);
    } else {
        sr_put_bytes(w, r->nonce.data, r->nonce.size);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_attest_key(sr_reader *r, sr_arena *a, sr_attest_key_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->statement, 131072u)) {
        return false;
    }
    if (!sr_get_bytes(r, &out->hsm_signature, 256u)) {
        return false;
    }
    if (!sr_get_text(r, &out->hsm_certificates, 40000u)) {
        return false;
    }
    if (!sr_get_bytes(r, &out->cluster_signature, 256u)) {
        return false;
    }
    if (!sr_get_text(r, &out->cluster_certificate, 20000u)) {
        return false;
    }
    return true;
}

bool sr_write_get_health(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_health_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_HEALTH);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_health(sr_reader *r, sr_arena *a, sr_get_health_reply *out)
{
    if (!sr_get_text(r, &out->cluster, 32u)) {
        return false;
    }
    if (!sr_get_text(r, &out->hsm, 32u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->state)) {
        return false;
    }
    if (!sr_get_text(r, &out->version, 32u)) {
        return false;
    }
    if (!sr_get_uint(r, &out->uptime)) {
        return false;
    }
    if (!sr_get_uint(r, &out->epoch)) {
        return false;
    }
    if (!sr_get_uint(r, &out->sequence)) {
        return false;
    }
    if (!sr_get_bool(r, &out->audit_full)) {
        return false;
    }
    if (!sr_get_bool(r, &out->audit_failing)) {
        return false;
    }
    size_t certificates_items_count = 0;
    if (!sr_get_array(r, &certificates_items_count) || certificates_items_count > 64u) {
        return false;
    }
    sr_certificate_life *certificates_items = sr_arena_take(a, (certificates_items_count ? certificates_items_count : 1u) * sizeof *certificates_items);
    if (certificates_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < certificates_items_count; i++) {
        if (!get_sr_certificate_life(r, a, &certificates_items[i])) {
            return false;
        }
    }
    out->certificates.items = certificates_items;
    out->certificates.count = certificates_items_count;
    out->certificates.present = true;
    return true;
}

bool sr_write_request_certificate(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_request_certificate_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_REQUEST_CERTIFICATE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_request_certificate(sr_reader *r, sr_arena *a, sr_request_certificate_reply *out)
{
    (void)a;
    if (!sr_get_text(r, &out->csr, 20000u)) {
        return false;
    }
    return true;
}

bool sr_write_install_certificate(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_install_certificate_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_INSTALL_CERTIFICATE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->certificate.data, r->certificate.size);
    sr_put_text(w, r->trust_anchor.data, r->trust_anchor.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_install_certificate(sr_reader *r, sr_arena *a, sr_install_certificate_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_get_settings(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_settings_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_SETTINGS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_settings(sr_reader *r, sr_arena *a, sr_get_settings_reply *out)
{
    (void)a;
    if (!sr_get_bool(r, &out->pkcs1_decryption)) {
        return false;
    }
    return true;
}

bool sr_write_set_settings(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_settings_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SET_SETTINGS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bool(w, r->pkcs1_decryption);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_set_settings(sr_reader *r, sr_arena *a, sr_set_settings_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_generate_quorum_token(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_generate_quorum_token_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GENERATE_QUORUM_TOKEN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->service);
    if (!r->key.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->key.value);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_generate_quorum_token(sr_reader *r, sr_arena *a, sr_generate_quorum_token_reply *out)
{
    (void)a;
    if (!sr_get_bytes(r, &out->approval_data, 245u)) {
        return false;
    }
    return true;
}

bool sr_write_approve_quorum_token(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_approve_quorum_token_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_APPROVE_QUORUM_TOKEN);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bytes(w, r->approval_data.data, r->approval_data.size);
    if (r->approvals.count > 16u) {
        w->failed = true;
        return false;
    }
    sr_put_array(w, r->approvals.count);
    for (size_t i = 0; i < r->approvals.count; i++) {
        put_sr_approval(w, &r->approvals.items[i]);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_approve_quorum_token(sr_reader *r, sr_arena *a, sr_approve_quorum_token_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_list_quorum_tokens(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_quorum_tokens_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LIST_QUORUM_TOKENS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_list_quorum_tokens(sr_reader *r, sr_arena *a, sr_list_quorum_tokens_reply *out)
{
    size_t tokens_items_count = 0;
    if (!sr_get_array(r, &tokens_items_count) || tokens_items_count > 1024u) {
        return false;
    }
    sr_quorum_token *tokens_items = sr_arena_take(a, (tokens_items_count ? tokens_items_count : 1u) * sizeof *tokens_items);
    if (tokens_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < tokens_items_count; i++) {
        if (!get_sr_quorum_token(r, a, &tokens_items[i])) {
            return false;
        }
    }
    out->tokens.items = tokens_items;
    out->tokens.count = tokens_items_count;
    out->tokens.present = true;
    return true;
}

bool sr_write_delete_quorum_tokens(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_delete_quorum_tokens_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_DELETE_QUORUM_TOKENS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bool(w, r->all);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_delete_quorum_tokens(sr_reader *r, sr_arena *a, sr_delete_quorum_tokens_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_get_quorum_settings(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_quorum_settings_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_QUORUM_SETTINGS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_quorum_settings(sr_reader *r, sr_arena *a, sr_get_quorum_settings_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->user)) {
        return false;
    }
    if (!sr_get_uint(r, &out->quorum)) {
        return false;
    }
    if (!sr_get_uint(r, &out->cluster)) {
        return false;
    }
    if (!sr_get_uint(r, &out->generated_for)) {
        return false;
    }
    if (!sr_get_uint(r, &out->approved_for)) {
        return false;
    }
    return true;
}

bool sr_write_set_quorum_value(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_quorum_value_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SET_QUORUM_VALUE);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->service);
    sr_put_uint(w, r->value);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_set_quorum_value(sr_reader *r, sr_arena *a, sr_set_quorum_value_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_set_quorum_timeouts(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_quorum_timeouts_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 6u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SET_QUORUM_TIMEOUTS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    if (!r->generated_for.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->generated_for.value);
    }
    if (!r->approved_for.present) {
        sr_put_null(w);
    } else {
        sr_put_uint(w, r->approved_for.value);
    }
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_set_quorum_timeouts(sr_reader *r, sr_arena *a, sr_set_quorum_timeouts_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_register_trust_anchor(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_register_trust_anchor_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_REGISTER_TRUST_ANCHOR);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_text(w, r->certificates.data, r->certificates.size);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_register_trust_anchor(sr_reader *r, sr_arena *a, sr_register_trust_anchor_reply *out)
{
    (void)a;
    if (!sr_get_uint(r, &out->reference)) {
        return false;
    }
    return true;
}

bool sr_write_deregister_trust_anchor(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_deregister_trust_anchor_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_DEREGISTER_TRUST_ANCHOR);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_uint(w, r->reference);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_deregister_trust_anchor(sr_reader *r, sr_arena *a, sr_deregister_trust_anchor_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}

bool sr_write_list_trust_anchors(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_list_trust_anchors_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_LIST_TRUST_ANCHORS);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_list_trust_anchors(sr_reader *r, sr_arena *a, sr_list_trust_anchors_reply *out)
{
    size_t anchors_items_count = 0;
    if (!sr_get_array(r, &anchors_items_count) || anchors_items_count > 8u) {
        return false;
    }
    sr_trust_anchor *anchors_items = sr_arena_take(a, (anchors_items_count ? anchors_items_count : 1u) * sizeof *anchors_items);
    if (anchors_items == NULL) {
        return false;
    }
    for (size_t i = 0; i < anchors_items_count; i++) {
        if (!get_sr_trust_anchor(r, a, &anchors_items[i])) {
            return false;
        }
    }
    out->anchors.items = anchors_items;
    out->anchors.count = anchors_items_count;
    out->anchors.present = true;
    return true;
}

bool sr_write_get_mtls_enforcement(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_get_mtls_enforcement_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 4u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_GET_MTLS_ENFORCEMENT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    (void)r;
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_get_mtls_enforcement(sr_reader *r, sr_arena *a, sr_get_mtls_enforcement_reply *out)
{
    (void)a;
    if (!sr_get_bool(r, &out->enforced)) {
        return false;
    }
    return true;
}

bool sr_write_set_mtls_enforcement(sr_writer *w, uint64_t id, uint64_t epoch, uint64_t sequence, const sr_set_mtls_enforcement_request *r)
{
    size_t mark = sr_frame_begin(w);
    sr_put_array(w, 5u);
    sr_put_uint(w, id);
    sr_put_uint(w, SR_FUNCTION_SET_MTLS_ENFORCEMENT);
    sr_put_uint(w, epoch);
    sr_put_uint(w, sequence);
    sr_put_bool(w, r->enforced);
    sr_frame_end(w, mark);
    return !w->failed;
}

bool sr_read_set_mtls_enforcement(sr_reader *r, sr_arena *a, sr_set_mtls_enforcement_reply *out)
{
    (void)r;
    (void)out;
    (void)a;
    return true;
}
