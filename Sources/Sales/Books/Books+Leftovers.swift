import Basics
import Core
import Foundation

extension Books {
    public static let leftovers: [Leftover] = [
        .files(
            "archives", Text("archives à télécharger, passé leur délai", "archives past their time")
        ) { data, now, removing in
            let oldest = now.adding(seconds: -archiveDays * 86_400)
            let files = FileManager.default
            let names = (try? files.contentsOfDirectory(atPath: data.archives)) ?? []
            let left = names.map { data.archives + "/" + $0 }.filter { path in
                let changed = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date
                return changed.map { Int($0.timeIntervalSince1970) < oldest.seconds } ?? false
            }
            if removing { for path in left { try files.removeItem(atPath: path) } }
            return left.count
        }
    ]
}
