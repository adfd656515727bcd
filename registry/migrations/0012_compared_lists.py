"""Lists that are only compared with e-PPGBM: what their rows may be."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0011_by_name'),
    ]

    operations = [
        migrations.AlterField(
            model_name='import',
            name='purpose',
            field=models.CharField(choices=[('impor', 'Masukkan ke portal'), ('cocokkan', 'Bandingkan saja')], default='impor', max_length=8, verbose_name='tujuan'),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='outcome',
            field=models.CharField(choices=[('baru', 'Baru'), ('berubah', 'Berubah'), ('sama', 'Tidak berubah'), ('orang', 'Perlu diputuskan orang'), ('ditolak', 'Ditolak'), ('sana', 'Tidak ada di sini'), ('sini', 'Tidak ada di daftar'), ('angka', 'Angka lain'), ('kelas', 'Kelas lain')], max_length=7, verbose_name='hasil'),
        ),
    ]
