import Clock
import JSON
import Testing

@testable import Relay

private func chunk(
    _ number: Int, of total: Int, id: String = "f1", to user: String = "bob",
    data: String = "ZGF0YQ=="
) -> String {
    sample(number, of: total, id: id, to: user, data: data).text()
}

private func sample(
    _ number: Int, of total: Int, id: String = "f1", to user: String = "bob",
    data: String = "ZGF0YQ=="
) -> EventSample {
    EventSample(
        event: "send_file_chunk", address: ("recipientId", user),
        fields: [
            ("messageId", #""\#(id)""#, ["7", #""""#, "null"], true),
            (
                "chunkNumber", "\(number)",
                ["-1", "\(total)", "1.0", "1e0", #""0""#, "null", "99999999999999999999"], true
            ),
            ("totalChunks", "\(total)", ["0", "-1", "65537", "1.5", "{}"], true),
            ("encryptedData", #""\#(data)""#, ["7", "null", "{}"], true),
            ("iv", #""aXY=""#, ["7", "\"\(String(repeating: "x", count: 300))\""], true),
            ("tag", #""dGFn""#, ["7"], true), ("hash", #""aGFzaA==""#, ["7"], true),
            ("fileName", #""secret.pdf""#, ["7", "null"], true),
            ("fileSize", "3000000", ["-1", #""1""#, "1.5"], true),
            ("mimeType", #""application/pdf""#, ["7"], true),
        ], errorEvent: "file:error")
}

private func received(_ number: Int, of total: Int, id: String = "f1", at time: String) -> String {
    #"["receive_file_chunk",{"senderId":"alice","senderUsername":"alice@example.com","messageId":"\#(id)","chunkNumber":\#(number),"totalChunks":\#(total),"encryptedData":"ZGF0YQ==","iv":"aXY=","tag":"dGFn","hash":"aGFzaA==","fileName":"secret.pdf","fileSize":3000000,"mimeType":"application/pdf","timestamp":"\#(time)"}]"#
}

private func sent(_ number: Int, of total: Int, id: String = "f1") -> String {
    #"["file:chunk-sent",{"messageId":"\#(id)","chunkNumber":\#(number),"totalChunks":\#(total)}]"#
}

private func complete(_ id: String = "f1") -> String {
    #"["file:upload-complete",{"messageId":"\#(id)"}]"#
}

private func relay(_ limits: Relay.Limits = Relay.Limits()) throws -> TestRelay {
    let relay = try TestRelay(limits: limits)
    for (socket, user) in [(1, "alice"), (2, "bob"), (3, "carol")] { relay.connect(socket, user) }
    return relay
}

@Suite struct FileTests {
    @Test func partsPassInWhateverOrder() throws {
        let relay = try relay()
        let time = relay.wall.description
        for (count, number) in [3, 0, 2, 1].enumerated() {
            relay.send(1, chunk(number, of: 4), acknowledgement: UInt64(number))
            #expect(
                relay.take(1) == [sent(number, of: 4)] + (count == 3 ? [complete()] : []))
            #expect(relay.take(2) == [received(number, of: 4, at: time)])
            #expect(relay.acknowledgements[1]?[UInt64(number)]?.contains("messageId") == true)
        }
        #expect(relay.take(3) == [])
        // Between two that are online and acknowledge nothing, nothing is stored.
        #expect(relay.store.kept.isEmpty && relay.store.known.isEmpty)
    }

    @Test func bothSpellingsAreOne() throws {
        let relay = try relay()
        for text in sample(0, of: 1).spellings {
            relay.send(1, text.replacing("f1", with: "x\(text.utf8.count)"))
            let id = "x\(text.utf8.count)"
            #expect(relay.take(1) == [sent(0, of: 1, id: id), complete(id)])
            #expect(relay.take(2) == [received(0, of: 1, id: id, at: relay.wall.description)])
        }
    }

    @Test func brokenPartsAreRefused() throws {
        try sample(0, of: 2).expectRefusals(try relay(), bystanders: [2, 3])
        try EventSample(
            event: "request_file", address: ("senderId", "bob"),
            fields: [("messageId", #""f1""#, ["7", #""""#, "null"], true)],
            errorEvent: "file:error"
        ).expectRefusals(try relay(), bystanders: [2, 3])
    }

    @Test func partsMustFitTogether() throws {
        let relay = try relay()
        relay.send(1, chunk(0, of: 4))
        _ = (relay.take(1), relay.take(2))
        relay.send(1, chunk(1, of: 5))
        #expect(relay.take(1).first?.hasPrefix(#"["file:error","#) == true)
        #expect(relay.take(2) == [])
        // To somebody else, or of somebody else, it is another file.
        relay.send(1, chunk(1, of: 5, to: "carol"))
        #expect(relay.take(1) == [sent(1, of: 5)])
        relay.send(3, chunk(0, of: 1))
        #expect(relay.take(3).last == complete())
    }

    /// A part that comes again is answered again, and its receiver hears nothing of it.
    @Test(arguments: [true, false]) func aPartThatComesAgainIsAnsweredAgain(isOnline: Bool) throws {
        let relay = try relay()
        if !isOnline { relay.disconnect(2) }
        for number in [0, 0, 1, 1, 0] { relay.send(1, chunk(number, of: 2)) }
        #expect(
            relay.take(1) == [
                sent(0, of: 2), sent(0, of: 2), sent(1, of: 2), complete(), sent(1, of: 2),
                complete(), sent(0, of: 2), complete(),
            ])
        if !isOnline { relay.connect(2, "bob") }
        #expect(relay.take(2).count == 2)
    }

    @Test func whoIsAwayGetsThePartsLater() throws {
        let relay = try relay()
        relay.disconnect(2)
        for number in 0..<20 { relay.send(1, chunk(number, of: 20)) }
        #expect(relay.take(1).last == complete())
        #expect(relay.store.kept.count == 20)
        #expect(
            relay.notices == [Notice(userID: "bob", event: "send_file_chunk", time: relay.wall)])
        let time = relay.wall.description
        relay.advance(.seconds(60))
        relay.connect(2, "bob")
        #expect(relay.take(2) == (0..<20).map { received($0, of: 20, at: time) })
        #expect(relay.store.kept.isEmpty)
    }

    /// A part that was acknowledged to a sender is known again after a restart.
    @Test func partsAreKnownAgainAfterARestart() throws {
        let relay = try relay()
        relay.disconnect(2)
        relay.send(1, chunk(0, of: 2))
        relay.restart()
        relay.connect(1, "alice")
        relay.send(1, chunk(0, of: 2))
        relay.send(1, chunk(1, of: 2))
        #expect(relay.take(1) == [sent(0, of: 2), sent(1, of: 2), complete()])
        #expect(relay.store.kept.count == 2)
    }

    /// A reliable receiver says of each part that it has it.
    @Test func aReliableReceiverAcknowledgesParts() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob", reliable: true)
        relay.send(1, chunk(0, of: 2))
        relay.send(1, chunk(1, of: 2))
        relay.disconnect(2)
        #expect(relay.store.kept.count == 2)
        relay.connect(2, "bob", reliable: true)
        _ = relay.take(1)
        relay.send(2, #"["message:delivered",{"messageId":"f1","senderId":"alice"}]"#)
        #expect(relay.store.kept.count == 2)
        relay.send(
            2, #"["message:delivered",{"messageId":"f1","chunkNumber":1,"senderId":"alice"}]"#)
        #expect(relay.store.kept.count == 1)
        #expect(
            relay.take(1).last
                == #"["message:delivery-confirmed",{"messageId":"f1","chunkNumber":1}]"#)
    }

    /// Who is reliable and knows no files still gets messages, however many parts there are.
    @Test func partsDoNotStopMessages() throws {
        var limits = Relay.Limits()
        limits.unacknowledgedMessages = 4
        limits.messagesPerRead = 2
        let relay = try relay(limits)
        relay.disconnect(2)
        for number in 0..<20 { relay.send(1, chunk(number, of: 20)) }
        relay.send(
            1,
            #"["send_message",{"recipientId":"bob","ciphertext":"","iv":"","tag":"","seq":1}]"#)
        relay.connect(2, "bob", reliable: true)
        let got = relay.take(2)
        #expect(got.count == 21 && got.last?.hasPrefix(#"["receive_message""#) == true)
    }

    @Test func aStoreThatFailsIsAFileError() throws {
        let relay = try relay()
        relay.disconnect(2)
        relay.store.failure = "storeFull"
        relay.send(1, chunk(0, of: 1))
        #expect(
            relay.take(1) == [
                #"["file:error",{"message":"The message could not be stored","code":"storeFull","messageId":"f1","recipientId":"bob"}]"#
            ])
        relay.store.failure = nil
        relay.send(1, chunk(0, of: 1))
        #expect(relay.take(1) == [sent(0, of: 1), complete()])
        relay.send(1, chunk(0, of: 1, to: "nobody"))
        #expect(relay.take(1).first?.contains("unknownUser") == true)
    }

    @Test func theQueueOfWhoIsAwayIsLimited() throws {
        var limits = Relay.Limits()
        limits.keptBytesPerUser = 5000
        let relay = try relay(limits)
        relay.disconnect(2)
        let data = String(repeating: "A", count: 1000)
        // All at once, before the store did any of it.
        for number in 0..<10 { relay.receive(1, chunk(number, of: 10, data: data)) }
        relay.run()
        #expect(relay.store.kept.count < 5)
        #expect(relay.take(1).contains { $0.contains("queueFull") })
    }

    @Test func halfSentFilesAreLimited() throws {
        var limits = Relay.Limits()
        limits.uploadsPerUser = 3
        limits.chunksPerFile = 100
        let relay = try relay(limits)
        for file in 0..<3 { relay.send(1, chunk(0, of: 2, id: "f\(file)")) }
        _ = relay.take(1)
        relay.send(1, chunk(0, of: 1, id: "f3"))
        #expect(relay.take(1).first?.contains("tooManyUploads") == true)
        // Somebody else has room, and the sender too once a file is complete.
        relay.send(3, chunk(0, of: 2))
        #expect(relay.take(3) == [sent(0, of: 2)])
        relay.send(1, chunk(1, of: 2, id: "f0"))
        relay.send(1, chunk(0, of: 1, id: "f3"))
        relay.send(1, chunk(0, of: 1, id: "f4"))
        #expect(relay.take(1).last == complete("f4"))
        relay.advance(limits.uploadIdleTime + .seconds(1))
        for file in 10..<13 { relay.send(1, chunk(0, of: 2, id: "f\(file)")) }
        #expect(!relay.take(1).contains { $0.contains("error") })
        relay.send(1, chunk(0, of: 101, id: "f10"))
        #expect(relay.take(1).first?.contains("badField") == true)
    }

    @Test(arguments: [
        #"{"senderId":"bob","messageId":"f1"}"#, #"{"sender_id":"bob","message_id":"f1"}"#,
    ])
    func filesAreAskedFor(fields: String) throws {
        let relay = try relay()
        relay.send(1, #"["request_file",\#(fields)]"#)
        #expect(relay.take(1) == [#"["file:request-sent",{"senderId":"bob","messageId":"f1"}]"#])
        #expect(
            relay.take(2) == [
                #"["file:requested",{"requesterId":"alice","requesterUsername":"alice@example.com","messageId":"f1"}]"#
            ])
        relay.disconnect(2)
        relay.send(1, #"["request_file",\#(fields)]"#)
        #expect(relay.take(1).first?.hasPrefix(#"["file:error",{"message":"User is off"#) == true)
    }

    /// Numbers only, of parts as of messages.
    @Test func theAuditLogHoldsNumbersOfParts() throws {
        let relay = try relay()
        relay.send(1, chunk(0, of: 1))
        relay.send(1, #"["request_file",{"senderId":"bob","messageId":"f1"}]"#)
        relay.server.finish()
        relay.run()
        let lines = try relay.store.audit.split(separator: "\n").map {
            try JSON(parsing: String($0))
        }
        let part = try #require(lines.first { $0["event"] == "chunk" })
        #expect(part["chunkNumber"] == 0 && part["fileSize"] == 3_000_000)
        #expect(lines.contains { $0["event"] == "fileRequest" })
        for secret in ["ZGF0YQ", "aXY=", "dGFn", "aGFzaA", "secret.pdf", "application"] {
            #expect(!relay.store.audit.contains(secret))
        }
    }
}
