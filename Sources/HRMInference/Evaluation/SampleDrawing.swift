public import HRMFiles

/// A closure that draws an evaluated puzzle after a step for a run's event file; the caller
/// provides it, because this module draws no pictures.
public typealias SampleDrawing = (_ prediction: Evaluator.Prediction, _ step: Int) -> PNGPicture?
