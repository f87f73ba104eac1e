"""Small debts among friends."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("debt", "payment_demand", "deadline", "pressure", "share_threat")
