#if !hasFeature(Embedded)
    public import Model
#endif

/// Whether a signal sent with `kill` says that the user wants the container down, so that no policy restarts it.
///
/// KILL, TERM, INT and QUIT do, and the container's own stop signal. Docker takes every signal so when no stop signal is
/// configured: a reload by HUP then disables the policy (moby issues 11065, 41302).
public func marksUserStop(_ signal: Signal, stopSignal: Signal?) -> Bool {
    signal == .kill || signal == .terminate || signal == .interrupt || signal == .quit || signal == stopSignal
}
