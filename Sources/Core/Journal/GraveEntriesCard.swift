import Basics
import Markup

/// What an administrator should have seen: the latest entries of the journal that are high or critical.
struct GraveEntriesCard {
    let entries: [JournalEntry]
    let request: Request

    var html: HTML {
        let say = request.say
        return """
            <section class="card" aria-labelledby="h-grave"><header><h2 id="h-grave">\
            \(say("À surveiller", "To watch"))</h2><span class="sp"></span>\
            <a class="btn g sm" href="/journal?severity=high">\(say("Tout voir", "See all"))</a></header>\
            <div class="body">\(Timeline(request).list(entries, links: true))</div></section>
            """
    }
}
