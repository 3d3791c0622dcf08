//! handle(&mut Engine, Request) -> Result<Response, EngineError>: everything that computes, as one plain function.
