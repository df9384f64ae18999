// What the parameters of one codec mean. A member that is nil stands for the default of its RFC.

/// RFC 7587 section 6.1.
public struct OpusParameters: Sendable {
    public var parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }

    public var useInbandFEC: Bool {
        get { parameters[flag: "useinbandfec"] ?? false }
        set { parameters[flag: "useinbandfec"] = newValue }
    }
    public var useDTX: Bool {
        get { parameters[flag: "usedtx"] ?? false }
        set { parameters[flag: "usedtx"] = newValue }
    }
    public var stereo: Bool {
        get { parameters[flag: "stereo"] ?? false }
        set { parameters[flag: "stereo"] = newValue }
    }
    public var spropStereo: Bool {
        get { parameters[flag: "sprop-stereo"] ?? false }
        set { parameters[flag: "sprop-stereo"] = newValue }
    }
    public var constantBitRate: Bool {
        get { parameters[flag: "cbr"] ?? false }
        set { parameters[flag: "cbr"] = newValue }
    }
    /// In bit/s.
    public var maximumAverageBitRate: UInt32? {
        get { parameters[number: "maxaveragebitrate"] }
        set { parameters[number: "maxaveragebitrate"] = newValue }
    }
    /// In hertz.
    public var maximumPlaybackRate: UInt32 {
        get { parameters[number: "maxplaybackrate"] ?? 48000 }
        set { parameters[number: "maxplaybackrate"] = newValue }
    }
    /// In milliseconds.
    public var minimumPacketTime: UInt32 {
        get { parameters[number: "minptime"] ?? 3 }
        set { parameters[number: "minptime"] = newValue }
    }
}

/// RFC 6184 section 8.1.
public struct H264Parameters: Sendable {
    public var parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }

    /// Baseline at level 1 where none is said; nil where what is said is no such number.
    public var profileLevelID: H264ProfileLevelID? {
        get {
            guard let text = parameters["profile-level-id"] else { return .assumed }
            return H264ProfileLevelID(text)
        }
        set { parameters["profile-level-id"] = newValue?.text }
    }
    public var packetizationMode: UInt32 {
        get { parameters[number: "packetization-mode"] ?? 0 }
        set { parameters[number: "packetization-mode"] = newValue }
    }
    public var allowsLevelAsymmetry: Bool {
        get { parameters[flag: "level-asymmetry-allowed"] ?? false }
        set { parameters[flag: "level-asymmetry-allowed"] = newValue }
    }
}

/// What the decoder of a picture's format can take; VP8 and VP9 name it alike.
public protocol FrameLimits {
    var parameters: Parameters { get set }
}

extension FrameLimits {
    /// In frames a second (`max-fr`).
    public var maximumFrameRate: UInt32? {
        get { parameters[number: "max-fr"] }
        set { parameters[number: "max-fr"] = newValue }
    }
    /// In macroblocks (`max-fs`).
    public var maximumFrameSize: UInt32? {
        get { parameters[number: "max-fs"] }
        set { parameters[number: "max-fs"] = newValue }
    }
}

/// RFC 7741 section 6.1.
public struct VP8Parameters: FrameLimits, Sendable {
    public var parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }
}

/// RFC 9628 section 6.
public struct VP9Parameters: FrameLimits, Sendable {
    public var parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }

    public var profileID: UInt32 {
        get { parameters[number: "profile-id"] ?? 0 }
        set { parameters[number: "profile-id"] = newValue }
    }
}

/// RFC 4588 section 8.
public struct RTXParameters: Sendable {
    public var parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }

    /// The payload type that is sent again (`apt`).
    public var associatedPayloadType: UInt32? {
        get { parameters[number: "apt"] }
        set { parameters[number: "apt"] = newValue }
    }
    /// In milliseconds.
    public var time: UInt32? {
        get { parameters[number: "rtx-time"] }
        set { parameters[number: "rtx-time"] = newValue }
    }
}

/// RFC 2198 section 5: the payload types of the blocks, the primary first, as in `111/111`.
public struct REDParameters: Sendable {
    public var parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }

    public var payloadTypes: [UInt32] {
        get {
            guard parameters.all.count == 1, parameters.all[0].value == nil else { return [] }
            let numbers = parameters.all[0].name.split(separator: "/")
                .map { DecimalNumber<UInt32>($0.utf8).value }
            return numbers.contains(nil) ? [] : numbers.compactMap(\.self)
        }
        set {
            let name = newValue.map { String($0) }.joined(separator: "/")
            parameters.all = name.isEmpty ? [] : [Parameters.Parameter(name)]
        }
    }
}
