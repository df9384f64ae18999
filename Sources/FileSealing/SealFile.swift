public import Age
public import Platform

/// From this many bytes on it pays to load OpenSSL and to start threads.
let bulkByteCount = 1 << 20

/// Seals all of `input` to `recipients`, in constant memory, on every processor.
///
/// - Parameters:
///   - output: gets the file; the caller commits it.
///   - armored: whether to write text.
///   - progress: told how many bytes of the input were sealed, in order, from any thread.
public func sealFile(
    _ input: consuming InputFile, to output: inout OutputFile, for recipients: [Recipient],
    armored: Bool = false, progress: ((Int) -> Void)? = nil
) throws(FileSealingError) {
    let preamble: Preamble
    do throws(AgeError) { preamble = try Preamble(sealedTo: recipients) } catch {
        throw .age(error)
    }
    let source = SharedInput(input)
    try withShared(&output, armored: armored) { output throws(FileSealingError) in
        try output.write(preamble.bytes)
        let state = SealState(preamble.payloadKey, source, output, progress)
        var done = 0
        do {
            let worker = SealWorker(state, bulk: false)
            while done < bulkByteCount, try worker.read() {
                worker.process()
                try worker.write()
                done += worker.byteCount
            }
        }
        if !state.hasEnded {
            source.allowInterrupts()
            try runInOrder((0..<usefulWorkerCount).map { _ in SealWorker(state, bulk: true) })
        }
        try output.finish()
    }
}

/// Lends `output` to workers, and gives it back whatever becomes of them.
func withShared(
    _ output: inout OutputFile, armored: Bool,
    _ body: (SharedOutput) throws(FileSealingError) -> Void
) throws(FileSealingError) {
    let shared = SharedOutput(output, armored: armored)
    var fault: FileSealingError?
    do throws(FileSealingError) { try body(shared) } catch { fault = error }
    output = shared.takeFile()
    if let fault { throw fault }
}
