import Basics
import Core
import Drawing
import Markup

/// A picture of an example document in a layout.
struct LayoutPreview {
    let picture: [UInt8]
    let sample: LayoutSample

    /// Pixels a point: sharp enough to judge, small enough to follow the typing.
    static let scale = 1.5
    static let mostPages = 2

    init(_ layout: DocumentLayout, color: String, _ sample: LayoutSample, _ request: Request) throws
    {
        let logo = try request.read { transaction in
            try transaction.logo(transaction.logoHash())
        }
        var seller = Seller(request.organisation, logo: "", layout: layout)
        seller.accentColor = color
        let document = SampleDocument(
            sample: sample, seller: seller, logo: logo, organisation: request.organisation,
            day: request.today)
        picture = try DocumentPDF(
            document.printed, as: .picture(scale: Self.scale, mostPages: Self.mostPages)
        ).bytes()
        self.sample = sample
    }

    /// Replaced as a whole while the person types.
    func html(_ say: Language) -> HTML {
        let alternative = say(
            "Aperçu : \(say(sample.label)) d’exemple", "Preview: example of \(say(sample.label))")
        return """
            <div class="sheet" id="layout-preview" data-live><img alt="\(alternative)" \
            src="data:image/png;base64,\(Base64.text(picture))"></div>
            """
    }
}
