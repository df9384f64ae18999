extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }

    /// A character of a token (RFC 8866 section 9).
    var isTokenCharacter: Bool {
        switch self {
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x30...0x39, 0x41...0x5a, 0x5e...0x7e: true
        default: false
        }
    }

    /// A letter, a digit, `+` or `/`: an ice-char (RFC 8839 section 5.1).
    var isICECharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2f: true
        default: false
        }
    }
}
