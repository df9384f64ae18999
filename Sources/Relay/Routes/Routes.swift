extension Route {
    /// Every event that the relay knows. Adding one is adding a row.
    public static let all: [Route] =
        chatAndCalls + videoRooms + messaging + groupsAndDevices + privateByDefault
}
