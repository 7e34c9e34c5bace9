"""Pages of the referral workflow."""

app_name = "referrals"
urlpatterns: list = []
