import Basics
import Core
import HTTP

/// Orders: what was agreed, how far it is, and what of it is invoiced.
public enum Orders: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "orders", .readOrders,
            api: .list(
                OrderRow.self, query: OrderFilter.parameters,
                Text("Lister les commandes", "List orders")), list)
        routes.get("orders/export", .readOrders, reads: .export(of: .order), export)
        routes.get("orders/new", .writeOrders, new)
        routes.post(
            "orders", .writeOrders,
            api: .create(
                OrderDraft.self, OrderDetails.self, Text("Créer une commande", "Create an order")),
            create)
        routes.post("orders/preview", .writeOrders, LineEditor.preview)
        routes.get(
            "orders/:id", .readOrders,
            api: .show(OrderDetails.self, Text("Lire une commande", "Read an order")), show)
        routes.get("orders/:id/edit", .writeOrders, edit)
        routes.post(
            "orders/:id", .writeOrders,
            api: .update(
                OrderDraft.self, OrderDetails.self, Text("Modifier une commande", "Change an order")
            ),
            update)
        routes.post("orders/:id/preview", .writeOrders, LineEditor.preview)
        routes.post(
            "orders/:id/duplicate", .writeOrders,
            api: .act(
                OrderDetails.self, creates: true,
                Text("Dupliquer une commande", "Duplicate an order")), duplicate)
        routes.post(
            "orders/:id/status", .writeOrders,
            api: .act(
                OrderMoveBody.self, OrderDetails.self,
                Text("Faire avancer une commande", "Move an order on")), move)
        routes.post(
            "orders/:id/assign", .writeOrders,
            api: .act(
                OrderAssignBody.self, OrderDetails.self,
                Text("Confier une commande", "Assign an order")), assign)
        routes.post(
            "orders/:id/delete", .writeOrders,
            api: .delete(Text("Supprimer un brouillon de commande", "Remove a draft order")), delete
        )
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = OrderFilter(request.http.query)
        return try request.show {
            try $0.orders(filter)
        } page: { transaction in
            try OrderListPage(
                filter, transaction.orders(filter),
                client: transaction.filteredClient(filter.scope.client),
                total: transaction.ordersTotal(filter),
                sectors: transaction.orderSectors(), request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = OrderFilter(request.http.query)
        let file = try request.tableFile(Text("commandes", "orders"), OrderFilter.headings)
        try request.read { try $0.exportOrders(filter, to: file, request.say) }
        return try file.reply()
    }

    static func show(_ request: Request) throws -> Reply {
        try request.show {
            try $0.orderDetails(request.id())
        } page: {
            try OrderPage($0.orderRecord(request.id()), request).page
        }
    }

    static func duplicate(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        let path = try request.once { try $0.duplicateOrder(id).path }
        return .done(at: path + "/edit", say: Text("Commande dupliquée.", "Order duplicated."))
    }

    /// The field `status` says where to.
    static func move(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let status: OrderStatus = input.choice("status", or: .draft)
        let note = input.text("note", most: 1000)
        try input.check()
        let order = try request.write {
            try $0.moveOrder(request.id(), to: status, note: note)
        }
        let label = order.status.label
        return .done(
            at: order.path,
            say: Text(
                "Commande \(label.french.lowercased()).",
                "Order \(label.english.lowercased())."))
    }

    static func delete(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        guard try request.isAPI || Input(request.form().fields).flag("confirmed") else {
            let order = try request.read { try $0.order(id) }
            return .page(OrderPage.deletionPage(order, request))
        }
        try request.write { try $0.deleteOrder(id) }
        return .done(at: "/orders", say: Text("Brouillon supprimé.", "Draft deleted."))
    }
}
