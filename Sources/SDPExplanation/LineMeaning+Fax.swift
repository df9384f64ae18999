internal import SDP

// Fax over IP.
extension LineMeaning {
    static let fax: [String: LineMeaning] = [
        "T38FaxVersion": t38(value: "the version of T.38:"),
        "T38MaxBitRate": LineMeaning(t38) { line, _ in
            "fax goes with up to \(line.shownValue) bit/s"
        },
        "T38FaxFillBitRemoval": t38(flag: "fill bits are left out"),
        "T38FaxTranscodingMMR": t38(flag: "pages may be coded anew as MMR"),
        "T38FaxTranscodingJBIG": t38(flag: "pages may be coded anew as JBIG"),
        "T38FaxRateManagement": LineMeaning(t38) { line, _ in
            switch line.shownValue {
            case "transferredTCF": "the machines at the two ends find the rate (transferredTCF)"
            case "localTCF": "each side finds the rate with its machine (localTCF)"
            case let other: "the way to find the rate: \(other)"
            }
        },
        "T38FaxMaxBuffer": LineMeaning(t38) { line, _ in
            "up to \(line.shownValue) bytes are kept before they are played"
        },
        "T38FaxMaxDatagram": LineMeaning(t38) { line, _ in
            "packets of up to \(line.shownValue) bytes are taken"
        },
        "T38FaxUdpEC": LineMeaning(t38) { line, _ in
            switch line.shownValue {
            case "t38UDPRedundancy": "lost packets are made up by repeating them"
            case "t38UDPFEC": "lost packets are made up by error correction"
            case let other: "lost packets are made up by \(other)"
            }
        },
    ]

    private static let t38 = "ITU-T T.38 annex D"

    private static func t38(value before: String) -> LineMeaning {
        LineMeaning(t38, value: before)
    }

    /// Written with 1 or 0, or by its name alone.
    private static func t38(flag words: String) -> LineMeaning {
        LineMeaning(t38) { line, _ in line.shownValue == "0" ? "not so: \(words)" : words }
    }
}
