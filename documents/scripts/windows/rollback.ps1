# The plan was approved without a way back: the host is left to people, as it is, with its state collected.
Complete-Step $false 1 'no-way-back' @{ rebootRequired = Test-RebootPending }
