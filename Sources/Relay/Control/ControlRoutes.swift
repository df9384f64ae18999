extension ControlRoute {
    /// Every request that operators make. Adding one is adding a row.
    static let all: [ControlRoute] = queues + stored + users + tokens

    private static let stored: [ControlRoute] = [
        ControlRoute("audit.stored") { relay, request in relay.listStored(request) },
        ControlRoute("audit.events") { relay, request throws(ControlError) in
            try relay.readAudit(request)
        },
    ]

    private static let queues: [ControlRoute] = [
        ControlRoute("queue.list") { relay, request throws(ControlError) in
            try relay.listQueues(request)
        },
        ControlRoute("queue.purge") { relay, request throws(ControlError) in
            try relay.purgeQueues(request)
        },
    ]
}
