extension RouteTable {
    /// Every route of the Docker Engine API that is answered.
    static let dockerEngine = RouteTable(
        systemRoutes + containerQueryRoutes + containerChangeRoutes + containerRunRoutes + containerStreamRoutes
            + execRoutes + eventRoutes + networkAndVolumeRoutes + unbuiltRoutes)
}
