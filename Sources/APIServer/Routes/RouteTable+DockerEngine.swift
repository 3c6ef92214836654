extension RouteTable {
    /// Every route of the Docker Engine API that is answered.
    static let dockerEngine = RouteTable(systemRoutes + networkAndVolumeRoutes + unbuiltRoutes)
}
