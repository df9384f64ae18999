import Foundation
import SDP
import Testing
@Test func dump() throws {
  let d = try SessionDescription(parsing: CorpusFile.all.first { $0.name.contains("hacky") }!.bytes)
  print(String(decoding: d.encodedJSON(), as: UTF8.self))
}
