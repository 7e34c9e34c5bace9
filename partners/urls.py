"""Sign-in and the pages about who is who."""

urlpatterns: list = []
