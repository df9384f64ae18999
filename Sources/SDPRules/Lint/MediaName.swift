/// What a media description is called wherever people read of it: `m=video (index 1, mid 1)`. The
/// index counts from 0, as `mediaIndex` of the JSON forms and `sdpMLineIndex` of candidates do.
public struct MediaName: CustomStringConvertible, Sendable {
    public let description: String

    /// - Parameters:
    ///   - kind: `audio`, `video`, …; nil where the line does not say it.
    ///   - mid: nil where there is none.
    public init(kind: String?, index: Int, mid: String?) {
        let mid = mid.map { ", mid \(shown($0))" } ?? ""
        description = "m=\(shown(kind ?? "?")) (index \(index)\(mid))"
    }
}
