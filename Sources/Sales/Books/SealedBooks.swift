import Basics
import Core
import Database

extension Books {
    /// Everything that was issued, received, allocated and closed. Imported history and opening balances
    /// are papers of another program: they stand outside.
    public static let chain = SealChain(
        "books", follower: "seals",
        kinds: [
            invoices, payments, allocations, closings,
        ])

    // A content never changes its form: a column that comes later is sealed by a new kind of content,
    // whose first member is 2.

    private static let invoices = SealedKind(
        "invoice", Text("la pièce", "document"), id: "i.id",
        concerns: { "i.id = ANY (\($0))" },
        contents: { organisation, wanted in
            """
            SELECT i.id AS record_id, i.number AS label, ARRAY[i.id] AS subjects,
                sha256(convert_to(json_build_array(1, i.kind, i.series, i.number, i.number_period,
                    i.number_counter, i.client_id, i.order_id, i.corrected_invoice_id,
                    i.deposit_request_id, i.issued_on, i.due_on, i.service_on, i.subject,
                    i.reference, i.message, i.language, i.currency, i.total_net, i.total_vat,
                    i.total_gross, i.vat_exemption, i.seller, i.buyer, i.mentions,
                    (extract(epoch FROM i.issued_at) * 1000000)::bigint, i.issued_by,
                    (SELECT json_agg(json_build_array(l.id, l.position, l.kind, l.item_id, l.label,
                            l.description, l.quantity, l.unit, l.unit_price, l.discount_kind,
                            l.discount_value, l.vat_category, l.vat_rate, l.net_amount,
                            l.order_line_id, l.corrected_line_id, l.deposit_invoice_id,
                            l.deposit_vat_amount, l.vat_is_spread, l.gross_amount,
                            l.vat_shares) ORDER BY l.position, l.id)
                        FROM invoice_lines l
                        WHERE l.organisation_id = \(organisation) AND l.invoice_id = i.id),
                    (SELECT json_agg(json_build_array(v.vat_category, v.vat_rate, v.base_amount,
                            v.vat_amount) ORDER BY v.vat_category, v.vat_rate)
                        FROM invoice_vat_rows v
                        WHERE v.organisation_id = \(organisation) AND v.invoice_id = i.id)
                )::text, 'UTF8')) AS content_hash
            FROM invoices i
            WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
                AND \(wanted)
            """
        })

    private static let payments = SealedKind(
        "payment", Text("le paiement", "payment"), id: "p.id",
        concerns: { "p.id = ANY (\($0)) OR p.reversed_payment_id = ANY (\($0))" },
        contents: { organisation, wanted in
            """
            SELECT p.id AS record_id, p.number AS label,
                array_remove(ARRAY[p.id, p.reversed_payment_id], NULL) AS subjects,
                sha256(convert_to(json_build_array(1, p.number, p.client_id, p.direction, p.method,
                    p.paid_on, p.amount, p.currency, p.reference, p.notes, p.reversed_payment_id,
                    (extract(epoch FROM p.created_at) * 1000000)::bigint, p.created_by
                )::text, 'UTF8')) AS content_hash
            FROM payments p
            WHERE p.organisation_id = \(organisation) AND \(wanted)
            """
        })

    // Under a policy no index finds `id = coalesce(…)`: each way has its own question.
    private static let allocations = SealedKind(
        "allocation", Text("l’affectation", "allocation"), id: "a.id",
        concerns: {
            """
            a.payment_id = ANY (\($0)) OR a.credit_note_id = ANY (\($0))
                OR a.invoice_id = ANY (\($0)) OR a.refund_id = ANY (\($0))
            """
        },
        contents: { organisation, wanted in
            """
            SELECT a.id AS record_id,
                coalesce(
                    (SELECT p.number FROM payments p WHERE p.organisation_id = \(organisation)
                        AND p.id = a.payment_id),
                    (SELECT p.number FROM payments p WHERE p.organisation_id = \(organisation)
                        AND p.id = a.refund_id),
                    (SELECT n.number FROM invoices n WHERE n.organisation_id = \(organisation)
                        AND n.id = a.credit_note_id))
                || coalesce((SELECT ' → ' || i.number FROM invoices i
                    WHERE i.organisation_id = \(organisation) AND i.id = a.invoice_id), '')
                    AS label,
                array_remove(ARRAY[a.payment_id, a.credit_note_id, a.invoice_id, a.refund_id], NULL)
                    AS subjects,
                sha256(convert_to(json_build_array(1, a.payment_id, a.credit_note_id, a.invoice_id,
                    a.refund_id, a.amount, (extract(epoch FROM a.created_at) * 1000000)::bigint,
                    a.created_by)::text, 'UTF8')) AS content_hash
            FROM allocations a
            WHERE a.organisation_id = \(organisation) AND \(wanted)
            """
        })

    private static let closings = SealedKind(
        "period_closing", Text("la clôture", "closing"), id: "c.id",
        concerns: { "c.id = ANY (\($0))" },
        contents: { organisation, wanted in
            """
            SELECT c.id AS record_id, c.starts_on || ' – ' || c.ends_on AS label,
                ARRAY[c.id] AS subjects,
                sha256(convert_to(json_build_array(1, c.kind, c.starts_on, c.ends_on, c.currency,
                    c.invoice_count, c.credit_note_count, c.total_net, c.total_vat, c.total_gross,
                    c.payment_count, c.received_amount, c.refunded_amount, c.perpetual_gross,
                    c.perpetual_received, (extract(epoch FROM c.closed_at) * 1000000)::bigint,
                    c.closed_by, c.closed_by_name,
                    (SELECT json_agg(json_build_array(v.vat_category, v.vat_rate, v.base_amount,
                            v.vat_amount) ORDER BY v.vat_category, v.vat_rate)
                        FROM period_closing_vat_rows v
                        WHERE v.organisation_id = \(organisation) AND v.period_closing_id = c.id)
                )::text, 'UTF8')) AS content_hash
            FROM period_closings c
            WHERE c.organisation_id = \(organisation) AND \(wanted)
            """
        })
}
