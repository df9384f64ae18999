public import CLI
internal import Platform

/// The progress of a command, told of from the threads that write, one at a time.
public final class ShownProgress: @unchecked Sendable {
    private var progress: Progress

    /// - Parameter total: how many bytes there will be, where that is known.
    public init(_ arguments: Arguments, _ console: Console, total: UInt64?) {
        let style = arguments[StandardOption.progress]?.style
        progress = Progress(
            style: style ?? (console.isQuiet ? Progress.Style.none : nil), total: total)
    }

    public func advance(by count: Int) { progress.advance(by: count) }
    public func finish() { progress.finish() }
}
