internal import CLI

extension SignalRelay {
    /// What becomes of messages for whom too much waits, for the manual.
    static let mailboxNote = ManualSection(
        "FULL MAILBOXES",
        """
        At most keptMessagesPerUser messages and keptBytesPerUser bytes wait for a user, and as many \
        for each of a user's devices. What comes beyond that is not kept, and the sender is told.

        An event such as send_message is refused with the code queueFull. A message to a thread is \
        refused so, with status 503, where it could be kept for none of the others; else, and \
        always in a group, it is accepted for those who have room. The answer to the sender then has \
        a member that lists the others, each with the code queueFull: not_kept with their user_id \
        in a thread, notKept with their userId in a group. Who missed a message of a group finds it \
        among its messages (GET /api/v1/groups/ID/messages) as long as those are kept.
        """)
}
