import Basics
import Core

extension Clients {
    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .client, Section.clients.label, icon: "users", .readClients, list: "/clients"
            ) { transaction, ids, say in
                try transaction.clients(withIDs: ids).map { client in
                    SearchRow(
                        id: client.id.value, title: client.name,
                        note: [client.number, client.city, PhoneNumber.shown(client.phone)]
                            .filter { !$0.isEmpty }.joined(separator: ", "))
                }
            }
        ]
    }
}
