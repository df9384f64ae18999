internal import Wire

/// `profile-level-id` of H.264: profile_idc, profile-iop and level_idc (RFC 6184 section 8.1).
public struct H264ProfileLevelID: Hashable, Sendable {
    public var profileIDC: UInt8
    /// The constraint_set flags, set 0 in the highest bit.
    public var constraints: UInt8
    public var levelIDC: UInt8

    /// Baseline at level 1: what an fmtp without the parameter means.
    public static let assumed = H264ProfileLevelID(
        profileIDC: 0x42, constraints: 0, levelIDC: 0x0a)

    public init(profileIDC: UInt8, constraints: UInt8, levelIDC: UInt8) {
        self.profileIDC = profileIDC
        self.constraints = constraints
        self.levelIDC = levelIDC
    }

    /// Six hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 6, let bytes = Hex.decode(text) else { return nil }
        (profileIDC, constraints, levelIDC) = (bytes[0], bytes[1], bytes[2])
    }

    /// Six hexadecimal digits in lower case.
    public var text: String { Hex.encode([profileIDC, constraints, levelIDC]) }

    public enum Profile: String, Sendable {
        case constrainedBaseline, baseline, main, extended, high, constrainedHigh, progressiveHigh
        case high10, high422, high444Predictive, high10Intra, high422Intra, high444Intra
        case cavlc444Intra
    }

    /// The profile by RFC 6184 table 5; two ids of one profile can be used together. Nil for
    /// combinations that the table does not have.
    public var profile: Profile? {
        Self.table.first { row in
            row.idc == profileIDC && constraints & row.mask == row.value
        }?.profile
    }

    private typealias Row = (idc: UInt8, mask: UInt8, value: UInt8, profile: Profile)

    /// Table 5 of RFC 6184; `mask` has the bits that matter. High profiles with sets 4 and 5 are
    /// those of ITU-T H.264 annex A.
    private static let table: [Row] = [
        (0x42, 0x4f, 0x40, .constrainedBaseline), (0x4d, 0x8f, 0x80, .constrainedBaseline),
        (0x58, 0xcf, 0xc0, .constrainedBaseline), (0x42, 0x4f, 0x00, .baseline),
        (0x58, 0xcf, 0x80, .baseline), (0x4d, 0xaf, 0x00, .main), (0x58, 0xcf, 0x00, .extended),
        (0x64, 0xff, 0x00, .high), (0x64, 0xff, 0x0c, .constrainedHigh),
        (0x64, 0xff, 0x08, .progressiveHigh), (0x6e, 0xff, 0x00, .high10),
        (0x7a, 0xff, 0x00, .high422), (0xf4, 0xff, 0x00, .high444Predictive),
        (0x6e, 0xff, 0x10, .high10Intra), (0x7a, 0xff, 0x10, .high422Intra),
        (0xf4, 0xff, 0x10, .high444Intra), (0x2c, 0xff, 0x10, .cavlc444Intra),
    ]

    /// The level as it is written: `3.1`, `1b`; for a number that is none, that.
    public var level: String {
        if isLevel1b { return "1b" }
        guard isLevelKnown else { return "\(levelIDC), which is none" }
        let (whole, tenths) = (levelIDC / 10, levelIDC % 10)
        return tenths == 0 ? "\(whole)" : "\(whole).\(tenths)"
    }

    /// Whether ITU-T H.264 annex A has the level.
    private var isLevelKnown: Bool {
        switch levelIDC {
        case 9...13, 20...22, 30...32, 40...42, 50...52, 60...62: true
        default: false
        }
    }

    /// Level 1b is 11 with constraint set 3 in the older profiles, else 9.
    public var isLevel1b: Bool {
        switch profileIDC {
        case 0x42, 0x4d, 0x58: levelIDC == 11 && constraints & 0x10 != 0
        default: levelIDC == 9
        }
    }
}
