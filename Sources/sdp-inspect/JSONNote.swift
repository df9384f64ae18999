internal import CLI

extension SDPInspect {
    /// What is printed for programs, for the manual.
    static let jsonNote = ManualSection(
        "JSON",
        """
        Each result is one object on one line, with type first. Members that have nothing to say are \
        left out, and members may be added. Lines and columns count from 1, those of a description \
        from its own first line; mediaIndex counts from 0. A failure is {"error": {"code", \
        "message", "hint", "file", "line"}}; file is there where several are read, and line where \
        the lines of the input are inputs of their own.
        """,
        [
            (
                "sessionDescription",
                """
                The description. sdp.schema.json, in share/parley below the directory that Parley \
                is installed in, is its JSON Schema. --to-sdp refuses members that are not known.
                """
            ),
            (
                "candidate, endOfCandidates",
                """
                What --candidates prints: an RTCIceCandidateInit with the candidate's fields. \
                --to-sdp goes by candidate for as long as that says the same as the fields, else \
                by the fields.
                """
            ),
            (
                "explanation",
                """
                What --explain prints: {"sdpType", "lines": [{"line", "text", "mediaIndex", \
                "meaning", "reference"}]}.
                """
            ),
            (
                "lint",
                """
                What --lint prints: {"file", "line", "sdpType", "candidate", "errors", "warnings", \
                "infos", "findings"}. candidate is the line that was judged, where it came by \
                itself. A finding is {"rule", "severity", "side", "line", "column", "mediaIndex", \
                "mid", "message", "hint", "reference": {"rfc", "section"}}; severity is error, \
                warning or info, and side is offer or answer.
                """
            ),
            (
                "negotiation",
                """
                What --answer-to prints: {"legal", "ice", "bundles", "media", "findings"}. ice is \
                {"offerer": "full" or "lite", "answerer", "controlling", "offererTrickles", \
                "answererTrickles"}; bundles are lists of mids. Media are {"mediaIndex", "mid", \
                "kind", "outcome", "reason", "offerDirection", "answerDirection", "offererSends", \
                "answererSends", "codecs", "refusedCodecs", "keying", "dtlsClient", "suite", \
                "offerFingerprints", "answerFingerprints", "rtcpMux", "bundledWith", "extensions", \
                "refusedExtensions", "simulcast", "dataChannel", "onHold", "tcpOpener"}; outcome is \
                accepted, refused, notOffered, missing or unoffered. A codec is {"name", \
                "offerPayloadType", "answerPayloadType", "offerParameters", "answerParameters", \
                "retransmission", "profile", "feedback"}, a refused one {"name", "payloadType", \
                "reason", "explanation"}. findings are those of lint.
                """
            ),
            (
                "difference",
                """
                What --diff prints, one object for each: {"kind", "mediaIndex", "mid", "subject", \
                "before", "after", "explanation"}. kind is a word such as directionChanged or \
                codecRemoved; before and after are left out for secrets.
                """
            ),
        ])
}
