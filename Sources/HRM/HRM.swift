// The umbrella: `import HRM` gives an app all public modules.

@_exported public import HRMData
@_exported public import HRMEngine
@_exported public import HRMFigures
@_exported public import HRMFiles
@_exported public import HRMInference
@_exported public import HRMModel
@_exported public import HRMPerTask
@_exported public import HRMPretrained
@_exported public import HRMTensor
@_exported public import HRMTraining
