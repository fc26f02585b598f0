import Basics
import Core
import Database
import EInvoice

extension Transaction {
    /// What was said of an invoice, as a message for the other side.
    func notice(of id: LifeCycleEntry.ID, _ flow: PlatformFlow) throws -> LifeCycleNotice {
        let entry: LifeCycleEntry = try one(
            """
            SELECT \(LifeCycleEntry.columns) FROM life_cycle_entries
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        var notice: LifeCycleNotice
        if let received = flow.receivedInvoiceID {
            notice = try self.notice(of: entry, received: receivedInvoice(received))
        } else if let invoice = flow.invoiceID {
            notice = try self.notice(of: entry, sent: self.invoice(invoice))
        } else {
            throw Problem.notFound
        }
        if !entry.reasonCode.isEmpty {
            notice.reasonCode = entry.reasonCode
            notice.reason = LifeCycleReason.label(of: entry.reasonCode).french
        }
        notice.comment = entry.reason
        return notice
    }

    private func notice(of entry: LifeCycleEntry, received invoice: ReceivedInvoice) throws
        -> LifeCycleNotice
    {
        guard let issuedOn = invoice.issuedOn, !invoice.number.isEmpty,
            !invoice.sellerSIREN.isEmpty
        else {
            throw Problem.conflict(
                Text(
                    "La facture n’indique pas son numéro, sa date ou le SIREN de son vendeur : répondez "
                        + "sur la page de la plateforme.",
                    "The invoice does not state its number, its date or its seller’s SIREN: answer "
                        + "on the platform’s own page."))
        }
        var notice = LifeCycleNotice(
            id: noticeID(entry), sentAt: entry.occurredAt.digits, issuer: party(.buyer),
            recipient: LifeCycleNotice.Party(
                siren: invoice.sellerSIREN, name: invoice.sellerName, role: .seller),
            number: invoice.number, typeCode: invoice.typeCode, issuedOn: issuedOn.digits,
            status: String(entry.status.rawValue))
        notice.receivedAt = invoice.receivedAt.digits
        return notice
    }

    private func notice(of entry: LifeCycleEntry, sent invoice: Invoice) throws -> LifeCycleNotice {
        guard let issuedOn = invoice.issuedOn, let number = invoice.number,
            let buyer = invoice.buyer.map(Buyer.init), let type = invoice.typeCode
        else { throw Problem.notFound }
        var notice = LifeCycleNotice(
            id: noticeID(entry), sentAt: entry.occurredAt.digits, issuer: party(.seller),
            recipient: LifeCycleNotice.Party(siren: buyer.siren, name: buyer.name, role: .buyer),
            number: number, typeCode: String(type), issuedOn: issuedOn.digits,
            status: String(entry.status.rawValue))
        notice.currency = invoice.currency.code
        let day = entry.amounts?.array?.first?["received_on"]?.string.flatMap { Day($0) }
        notice.receivedOn = (day ?? scope.organisation.local(entry.occurredAt).day).digits
        notice.receipts = ReceiptByRate.read(entry.amounts).map { part in
            LifeCycleNotice.Receipt(
                rate: ScaledDecimal.plain(part.rate.hundredths, decimals: 2, minimumDecimals: 2),
                amount: ScaledDecimal.plain(
                    part.amount.minorUnits, decimals: invoice.currency.exponent,
                    minimumDecimals: invoice.currency.exponent))
        }
        return notice
    }

    private func party(_ role: LifeCycleNotice.Party.Role) -> LifeCycleNotice.Party {
        LifeCycleNotice.Party(
            siren: scope.organisation.siren, name: scope.organisation.name, role: role)
    }

    private func noticeID(_ entry: LifeCycleEntry) -> String { entry.id.description }
}

extension Day {
    /// `20261121`
    var digits: String { iso.filter { $0 != "-" } }
}

extension Instant {
    /// `20261121093000`, in UTC.
    var digits: String { String(rfc3339.filter(\.isNumber).prefix(14)) }
}
