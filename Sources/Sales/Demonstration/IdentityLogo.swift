extension Identity {
    /// The logo as a PNG file in Base64: a drone above the name, in the company's green.
    static let encodedLogo = """
        iVBORw0KGgoAAAANSUhEUgAAAaQAAAB4AgMAAADAqW5GAAAADFBMVEUfb1wfb1wfb1wfb1xKXZNlAAAABHRSTlMA\
        Var/oA4xLwAABRNJREFUeNrtmb2O41QUx69tiAsXoRkhsYWfAFJvQ/wGTDERYnkDGlqKlRyJF5hit98CGk+RJiAk\
        BI54ASzxAi6QkKbBRRAzYcZnzzn3w9eJ40m8ziwgn8LxR+b+7j33f/73OiPEEEMMMcQQQwwxxBBDDDHEqeJZIuPb\
        rfPewwUd89p5/+Gb1rPa+dshwf3eP58cPvx/CQknbtVICmDNx+IIUqsiPIBckly4qfePLkPIK9LDTFT2FVwblZtz\
        NeCikeTBHTeeHUPiLOSN53jBWdoluZzQKaz6Io2BAbskASUeYrvxNyOFwFlqIKXAh6gv0hQ4Sw2kmCAAoi9SDGlp\
        k5zZzPRhLhxOIcbZy0iTzj4770RKIQYmOST9wklBD22ChUayoPZRoWUU0jfEEzxcdiHB/ZSzpEh+VWpYSix1IqVU\
        6pKE6d5K82EkB+44JzVSrlRZ4FjWROJnFgk6kHByQjKmGmlt7AjNiEjeNml+PMmD9ZguK1KyYNlLO6JnSPKhvDKk\
        TdK65Owj+VBQv0l7n8Lt7Ny/VOYg7YjGi6QAP0bZuzG8nImncgaPJuE5zUWtntLS2BHpj0mYrvdMPflslUeSxpB5\
        RLBJcWnsiGqKSSu7cr0uJOy0S/NiSKOFkRbaEfkEkzbnhvRFCm0kv0bKLDOa8ypoSGklYsSQ9yntvVAkS517SIWd\
        sZq50bxoEusZTC/IjHQ9RZI0eYDkQZnoSGXWVYaShFrWpLFFmsAvNFzjEZKUPkiyoyLJ68iQQuxRCnpB+Y1uUftU\
        SlzDaCpwfdVGcmukeWVGiqxJU+x6DDrLf1CTPJLPQfoSa99rI4kaabsDmUWKhB5TAP/Q7ErFvY9PJemG3XB/xBbo\
        fjupeY2ke+JLs1VVpFydqi9oJYUWab29FSwk6Y5JriZ5cleI7b+jSSsmha0kt2ma2Ks5GUyCWYR7oUCTHKkdqtxL\
        HvEE/rqgeYpbSeIsUTu95MLeGeWCu4l/Tw3jNnKTmnmUnWKPQIensUCJ37qCdtLOaitLJhOcNvYJJIW2YlLSvyRx\
        irHYSgEP1NMe0pTS4yCGSCiaHNsstcrphqhIvKkv6ebfHUhy40g9ZTOAHCfrxpCmvDPSpIhmsqRvfd2BJDeOWEBE\
        chb4OIZLQ5qorfmcdky/4+kHSBpB6XUg7YZz0Xj3WXX77PyA95sDSD3F/5H0Jdw+Dsg/0Y8DTW/h7Vvq/oIW5vIx\
        QN7Wyn5K5VUvEqcN9OnkABvuIaZICdWLxGkjZuO/fxTpRdUr8kmDISmcHuTwFE3tnzJORrrZJcEmkm+7fLV4Rcef\
        xFhWH63Hk9uupEmdtElpLXU3IH2R5ZJK0nXCK38674dUONS4mwXUXjif8GIfMYnNxM2dqCeS+IhJPrX7sQjo48dV\
        RfJWfSkCN3ERkTxaTZ4L/vg+q0h+px+7eRbiusoLEUgStbsUDrnid4VFyvqq3IJ7rbK3Fg69oy6X1jzd9uVGSFoR\
        KYyYJJj0XKmc5dFl6WxyWEWSdzXpQ6VyIo26VHrTqqGytymFlb1wbKnuSQf1Na2EqIi5yZ5SxDL4xCJ5HTTRtLpr\
        lbMivsITInm/WiQ36yS+nR0Lvvpza25eVe7S/fMNx9S0CyvQT4nEE6TcaCnAkEZR0MUlGnaWymEz8UPlsEv0WO2w\
        /qbbKrO7W1arRoZOZFaNpZjKWaX3xcU3nZYo9yT/s2tW32ogDaS3Qno8lYufxRBDDDHEEP+1eA24yFJpOLcaEgAA\
        AABJRU5ErkJggg==
        """
}
