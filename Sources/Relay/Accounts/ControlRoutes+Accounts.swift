extension ControlRoute {
    static let users: [ControlRoute] = [
        ControlRoute("user.add") { relay, request throws(ControlError) in
            try relay.addUser(request)
        },
        ControlRoute("user.list") { relay, request throws(ControlError) in
            try relay.listUsers(request)
        },
        ControlRoute("user.disable") { relay, request throws(ControlError) in
            try relay.setDisabled(true, request)
        },
        ControlRoute("user.enable") { relay, request throws(ControlError) in
            try relay.setDisabled(false, request)
        },
        ControlRoute("user.remove") { relay, request throws(ControlError) in
            try relay.removeUser(request)
        },
        ControlRoute("user.import") { relay, request throws(ControlError) in
            try relay.importUsers(request)
        },
    ]

    static let tokens: [ControlRoute] = [
        ControlRoute("token.make") { relay, request throws(ControlError) in
            try relay.makeToken(request)
        },
        ControlRoute("token.explain") { relay, request throws(ControlError) in
            try relay.explainToken(request)
        },
    ]
}
