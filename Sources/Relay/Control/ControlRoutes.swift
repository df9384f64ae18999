extension ControlRoute {
    /// Every request that operators make. Adding one is adding a row.
    static let all: [ControlRoute] = queues + users + tokens

    private static let queues: [ControlRoute] = [
        ControlRoute("queue.list") { relay, request throws(ControlError) in
            try relay.listQueues(request)
        },
        ControlRoute("queue.purge") { relay, request throws(ControlError) in
            try relay.purgeQueues(request)
        },
    ]
}
