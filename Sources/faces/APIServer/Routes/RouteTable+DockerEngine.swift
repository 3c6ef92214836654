extension RouteTable {
    /// Every route of the Docker Engine API that is answered.
    static let dockerEngine = RouteTable(
        systemRoutes + diskUsageRoutes + containerQueryRoutes + containerChangeRoutes + containerRunRoutes
            + containerStreamRoutes + archiveRoutes + execRoutes + unbuiltRoutes + imageRoutes + imageTransferRoutes
            + eventRoutes + networkAndVolumeRoutes + serenoRoutes)
}
